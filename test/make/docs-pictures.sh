#!/bin/sh
# Pictures of docs/comparison.md: the ones of compare-pictures.mjs in the folder $1, made small (ImageMagick) into docs/pictures.
#   docs-pictures.sh OURS           writes NAME-lite.png
#   docs-pictures.sh THEIRS trackio writes NAME-trackio.png, of trackio-NAME.png and trackio-NAME-2.png, … (1440×900, one wheel turn of 820 px apart)
set -eu
to=$(cd "$(dirname "$0")/../.." && pwd)/docs/pictures
small() { convert "$1" -resize 1080x -dither None -colors 56 -strip -define png:compression-level=9 "PNG8:$to/$2.png"; }
mkdir -p "$to"
if [ "${2:-lite}" = trackio ]; then
    for name in trl-sft sweep-30 constants diverging sparse-eval; do small "$1/trackio-$name.png" "$name-trackio"; done
    small "$1/trackio-trl-sft-3.png" trl-sft-train-trackio
    small "$1/trackio-constants-5.png" constants-short-trackio
    small "$1/trackio-constants-7.png" constants-spike-trackio
else
    for name in sweep-30 constants diverging sparse-eval; do small "$1/$name-light.png" "$name-lite"; done
    small "$1/trl-sft-light.png" trl-sft-train-lite
    # by screens: look at what these three show before they are committed
    small "$1/trl-sft-light-3.png" trl-sft-lite
    small "$1/constants-light-3.png" constants-short-lite
    small "$1/constants-light.png" constants-spike-lite
fi
