import { createContext, useContext } from 'solid-js'

/** Opens the browser's file dialogs; `forSource` gives the chosen files to a source that changed on disk. */
export interface Opener {
  chooseFiles(forSource?: string): void
  chooseFolder(): void
}

export const OpenerContext = createContext<Opener>()

export function useOpener(): Opener {
  const opener = useContext(OpenerContext)
  if (!opener) throw new Error('useOpener: no OpenerContext around this component')
  return opener
}
