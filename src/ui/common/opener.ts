import { createContext, useContext } from 'solid-js'

/**
 * Opens what lies over the page: the browser's file dialogs (`forSource` gives the chosen files to a source
 * that changed on disk), and the palette, with words in its field.
 */
export interface Opener {
  chooseFiles(forSource?: string): void
  chooseFolder(): void
  /** The browser's own picker, whose choice can be followed and opened again later; only where `canPick`. */
  follow(kind: 'file' | 'folder'): Promise<void>
  jump(text: string): void
}

export const OpenerContext = createContext<Opener>()

export function useOpener(): Opener {
  const opener = useContext(OpenerContext)
  if (!opener) throw new Error('useOpener: no OpenerContext around this component')
  return opener
}
