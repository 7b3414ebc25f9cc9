import type { JSX } from 'solid-js'
import { ruleOf } from '../../state/address/page-rules.ts'
import { useApp } from '../../state/app.ts'

export interface PageLinkProps {
  page: string
  class?: string | undefined
  label?: string
  title?: string | undefined
  children: JSX.Element
}

/** A link to a page; a plain click takes the view's state along, which the bare address does not hold. */
export function PageLink(props: PageLinkProps) {
  const { page, location } = useApp()
  const current = () =>
    page() === props.page ? 'page' : ruleOf(location.pages, page())?.under === props.page ? 'true' : undefined
  return (
    <a
      href={`#/${props.page}`}
      class={props.class}
      aria-label={props.label}
      title={props.title}
      aria-current={current()}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return
        event.preventDefault()
        location.patch({ page: props.page })
      }}
    >
      {props.children}
    </a>
  )
}
