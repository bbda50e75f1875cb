#!/bin/sh
# Train the two checkpoints that come with the program, and put them into resources/models:
# starters.sh SHARED WORK. SHARED has data/flickr8k, data/uit-viic and teachers; in WORK everything
# is made. Stopped at any moment, the same command goes on from there. About 2.5 hours on two cores.
set -eu
[ $# = 2 ] || { echo "Usage: sh packaging/starters.sh SHARED WORK" >&2; exit 2; }
shared=$1 work=$2
python=.venv/bin/python
flickr=$shared/data/flickr8k uit=$shared/data/uit-viic teachers=$shared/teachers
mobilenet_v1=$teachers/mobilenet_v1_1.0_224_quant_embedding_extractor.tflite
mobilenet_v2=$teachers/mobilenet_v2_1.0_224_quant.tflite

for needed in "$flickr/captions_vi_train.tsv" "$flickr/captions_en_train.tsv" \
    "$flickr/captions_vi_native_train.tsv" "$flickr/captions_vi_dev.tsv" \
    "$flickr/captions_en_dev.tsv" "$flickr/images" "$uit/captions_vi.tsv" "$uit/images" \
    "$mobilenet_v1" "$mobilenet_v2"; do
    [ -e "$needed" ] || {
        echo "$needed is missing: make starters SHARED=FOLDER names where the data is." >&2
        exit 1
    }
done

set -- \
    --data "$flickr/captions_vi_train.tsv" "$flickr/images" 1 \
    --data "$flickr/captions_en_train.tsv" "$flickr/images" 0.27 \
    --data "$flickr/captions_vi_native_train.tsv" "$flickr/images" 1 \
    --data "$uit/captions_vi.tsv" "$uit/images" 0.3
mkdir -p "$work/checkpoints"

# What is done already is not done again.
teach() {
    "$python" main.py train teacher "$@" \
        --network "$mobilenet_v1" --network "$mobilenet_v2:MobilenetV2/Logits/AvgPool"
}
teach --data "$flickr/captions_vi_dev.tsv" "$flickr/images" 1 --views 0 --output "$work/dev.npy"
teach "$@" --views 16 --mixed --seed 1 --output "$work/train.npy"

# One core each: networks this small gain less from a second one.
train() {
    family=$1
    shift
    OMP_NUM_THREADS=1 exec "$python" main.py train new "$family" --recipe starter "$@" \
        --teacher "$work/train.npy" --validation-teacher "$work/dev.npy" \
        --validation "$flickr/captions_vi_dev.tsv" "$flickr/images" \
        --validation "$flickr/captions_en_dev.tsv" "$flickr/images" \
        --seed 1 --work "$work/$family" --output "$work/checkpoints/starter-$family" \
        >> "$work/$family.log" 2>&1
}
failed() {
    echo "The training of $1 has failed. How $work/$1.log ends:" >&2
    tail -n 5 "$work/$1.log" >&2
    exit 1
}
train openclip "$@" &
openclip=$!
train beit3 "$@" &
beit3=$!
# What a shell starts in the background outlives it, and a second start would run into that.
trap 'kill "$openclip" "$beit3" 2> /dev/null || :; wait' EXIT
trap 'exit 130' INT TERM
echo "Training; tail -f $work/openclip.log $work/beit3.log shows how it goes."
wait "$openclip" || failed openclip
wait "$beit3" || failed beit3
trap - EXIT

# Only now: a training that is stopped or fails leaves the program's checkpoints as they are.
# People read the record in the window: it names the data, not the files that its captions are in.
for family in openclip beit3; do
    made=$work/checkpoints/starter-$family models=resources/models/starter-$family
    cp "$made/"* "$models/"
    sed 's/"captions_[a-z]*_dev"/"Flickr8k dev"/' "$made/checkpoint.json" > "$models/checkpoint.json"
done
"$python" main.py evaluate "$flickr/captions_vi_dev.tsv" --images "$flickr/images"
