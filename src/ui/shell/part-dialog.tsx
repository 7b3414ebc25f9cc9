import type { PartAnswer, PartQuestion } from '../../state/data/part.ts'
import { Dialog } from '../components/dialog.tsx'

/** Asks what is to be saved where not all rows could be read. */
export function PartDialog(props: { question: PartQuestion }) {
  // closing it by Esc or its backdrop is an answer too, but not a second one
  let answered = false
  function answer(given: PartAnswer): void {
    if (answered) return
    answered = true
    props.question.answer(given)
  }
  return (
    <Dialog label="Save a part" title="Save a part" class="dialog" onClose={() => answer('none')}>
      <div class="dialog-body change">
        <p>{`Only ${props.question.read} were read. Save this part?`}</p>
        <p class="why">{`Reading ended early: ${props.question.why}`}</p>
        <div class="buttons">
          <button type="button" class="button" onClick={() => answer('none')}>
            Cancel
          </button>
          <button type="button" class="button" onClick={() => answer('part')}>
            Save part
          </button>
          <button type="button" class="button primary" autofocus onClick={() => answer('on')}>
            Read on
          </button>
        </div>
      </div>
    </Dialog>
  )
}
