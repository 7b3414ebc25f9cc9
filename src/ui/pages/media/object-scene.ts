import {
  AmbientLight,
  Box3,
  type BufferGeometry,
  Color,
  DirectionalLight,
  Group,
  LoadingManager,
  type Material,
  Mesh,
  MeshStandardMaterial,
  type Object3D,
  PerspectiveCamera,
  Points,
  PointsMaterial,
  Scene,
  Vector3,
  WebGLRenderer,
} from 'three'
import { OrbitControls } from 'three/addons/controls/OrbitControls.js'
import { formatPlural } from '../../../compute/format.ts'

type Act = (controls: OrbitControls) => void
/** A full turn takes 24 of them. */
const TURN = Math.PI / 12
/** Pixels. */
const MOVE = 24
const TURNS: Record<string, Act> = {
  ArrowLeft: (controls) => controls.rotateLeft(TURN),
  ArrowRight: (controls) => controls.rotateLeft(-TURN),
  ArrowUp: (controls) => controls.rotateUp(TURN),
  ArrowDown: (controls) => controls.rotateUp(-TURN),
}
const MOVES: Record<string, Act> = {
  ArrowLeft: (controls) => controls.pan(MOVE, 0),
  ArrowRight: (controls) => controls.pan(-MOVE, 0),
  ArrowUp: (controls) => controls.pan(0, MOVE),
  ArrowDown: (controls) => controls.pan(0, -MOVE),
}
/** On many keyboards they need Shift, on others not. */
const NEARER: Record<string, Act> = {
  '+': (controls) => controls.dollyIn(1 / 0.9),
  '=': (controls) => controls.dollyIn(1 / 0.9),
  '-': (controls) => controls.dollyOut(1 / 0.9),
  _: (controls) => controls.dollyOut(1 / 0.9),
}

/** A 3D object in a canvas that can be turned. */
export interface ObjectScene {
  /** `12,400 triangles`, `300,000 points`. */
  words: string
  reset(): void
  resize(width: number, height: number): void
  /** Colours of the ground, as CSS. */
  paint(ground: string): void
  close(): void
}

/** Reads an object (glb, gltf, obj, stl, ply) and draws it whenever it or the view of it changes. */
export async function openScene(
  canvas: HTMLCanvasElement,
  bytes: ArrayBuffer,
  ending: string,
): Promise<ObjectScene> {
  const object = await objectOf(bytes, ending)
  let renderer: WebGLRenderer
  try {
    renderer = new WebGLRenderer({ canvas, antialias: true })
  } catch (error) {
    throw new Error('this browser draws no 3D (WebGL)', { cause: error })
  }
  const scene = new Scene()
  scene.add(object)
  scene.add(new AmbientLight(0xffffff, 1.2))
  const light = new DirectionalLight(0xffffff, 2)
  const camera = new PerspectiveCamera(40, 1, 0.01, 1000)
  // the light comes from over the shoulder of who looks
  camera.add(light)
  light.position.set(0.5, 1, 1)
  scene.add(camera)
  const controls = new OrbitControls(camera, canvas)
  const box = new Box3().setFromObject(object)
  const middle = box.getCenter(new Vector3())
  const size = box.getSize(new Vector3()).length() || 1
  let due = 0
  const draw = (): void => {
    due ||= requestAnimationFrame(() => {
      due = 0
      renderer.render(scene, camera)
    })
  }
  function reset(): void {
    camera.near = size / 1000
    camera.far = size * 100
    camera.position.copy(middle).add(new Vector3(0.6, 0.45, 1).normalize().multiplyScalar(size * 1.1))
    camera.updateProjectionMatrix()
    controls.target.copy(middle)
    controls.update()
    draw()
  }
  controls.addEventListener('change', draw)
  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = (event.shiftKey ? MOVES : TURNS)[event.key] ?? NEARER[event.key]
    if (act) act(controls)
    else if (event.key === '0') reset()
    else return
    event.preventDefault()
    // none of them is a key of the page while the object has the focus
    event.stopPropagation()
  }
  canvas.addEventListener('keydown', onKey)
  reset()
  return {
    words: wordsOf(object),
    reset,
    resize(width, height) {
      renderer.setPixelRatio(Math.min(2, window.devicePixelRatio || 1))
      renderer.setSize(width, height, false)
      camera.aspect = width / Math.max(1, height)
      camera.updateProjectionMatrix()
      draw()
    },
    paint(ground) {
      scene.background = new Color(ground)
      draw()
    },
    close() {
      cancelAnimationFrame(due)
      canvas.removeEventListener('keydown', onKey)
      controls.dispose()
      object.traverse(free)
      renderer.dispose()
      renderer.forceContextLoss()
    },
  }
}

async function objectOf(bytes: ArrayBuffer, ending: string): Promise<Object3D> {
  switch (ending) {
    case 'glb':
    case 'gltf':
      return gltf(bytes)
    case 'obj': {
      const { OBJLoader } = await import('three/addons/loaders/OBJLoader.js')
      return whole(new OBJLoader().parse(new TextDecoder().decode(bytes)))
    }
    case 'stl': {
      const { STLLoader } = await import('three/addons/loaders/STLLoader.js')
      return whole(solid(new STLLoader().parse(bytes)))
    }
    case 'ply': {
      const { PLYLoader } = await import('three/addons/loaders/PLYLoader.js')
      const geometry = new PLYLoader().parse(bytes)
      return whole(geometry.index ? solid(geometry) : cloud(geometry))
    }
    default:
      throw new Error(
        `no way to draw ${ending === '' ? 'a file without an ending' : `.${ending} files`} here`,
      )
  }
}

/** What it refers to has to be inside of it: a file of a run fetches nothing. */
async function gltf(bytes: ArrayBuffer): Promise<Object3D> {
  const { GLTFLoader } = await import('three/addons/loaders/GLTFLoader.js')
  const manager = new LoadingManager()
  let outside: string | undefined
  manager.setURLModifier((url) => {
    if (/^(data|blob):/.test(url)) return url
    outside ??= url
    return 'data:,'
  })
  try {
    const { scene } = await new GLTFLoader(manager).parseAsync(bytes, '')
    if (outside !== undefined) throw new Error('outside')
    return whole(scene)
  } catch (error) {
    if (outside !== undefined)
      throw new Error(`it needs another file, ${outside.slice(0, 80)}, which is not fetched`, {
        cause: error,
      })
    throw error
  }
}

/** An object of one empty box would be looked at from nowhere. */
function whole(object: Object3D): Object3D {
  const box = new Box3().setFromObject(object)
  if (box.isEmpty() || ![...box.min.toArray(), ...box.max.toArray()].every(Number.isFinite))
    throw new Error('it holds no points, or some that are no numbers')
  const group = new Group()
  group.add(object)
  return group
}

function solid(geometry: BufferGeometry): Mesh {
  if (!geometry.getAttribute('normal')) geometry.computeVertexNormals()
  const colored = geometry.getAttribute('color') !== undefined
  return new Mesh(
    geometry,
    new MeshStandardMaterial({
      color: colored ? 0xffffff : 0x9a9a94,
      vertexColors: colored,
      roughness: 0.8,
      side: 2,
    }),
  )
}

function cloud(geometry: BufferGeometry): Points {
  const colored = geometry.getAttribute('color') !== undefined
  geometry.computeBoundingSphere()
  const count = geometry.getAttribute('position')?.count ?? 1
  const radius = geometry.boundingSphere?.radius ?? 1
  // as large as keeps neighbours of an even cloud apart, and never too small to be seen
  const size = Math.max(radius / 200, radius / Math.cbrt(count) / 4)
  return new Points(
    geometry,
    new PointsMaterial({ size, vertexColors: colored, color: colored ? 0xffffff : 0x8a8a84 }),
  )
}

function wordsOf(object: Object3D): string {
  let triangles = 0
  let points = 0
  object.traverse((one) => {
    if (one instanceof Points) points += one.geometry.getAttribute('position')?.count ?? 0
    else if (one instanceof Mesh)
      triangles += (one.geometry.index?.count ?? one.geometry.getAttribute('position')?.count ?? 0) / 3
  })
  return [
    ...(triangles > 0 ? [formatPlural(Math.round(triangles), 'triangle')] : []),
    ...(points > 0 ? [formatPlural(points, 'point')] : []),
  ].join(', ')
}

function free(object: Object3D): void {
  if (!(object instanceof Mesh || object instanceof Points)) return
  object.geometry.dispose()
  for (const material of [object.material].flat() as Material[]) material.dispose()
}
