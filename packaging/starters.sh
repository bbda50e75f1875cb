#!/bin/sh
# Train the two checkpoints that come with the program: starters.sh SHARED WORK
# Stopped at any moment, the same command goes on from there. About 5 hours on two cores.
set -eu
shared=$1 work=$2
python=.venv/bin/python
flickr=$shared/data/flickr8k uit=$shared/data/uit-viic

set -- \
    --data "$flickr/captions_vi_train.tsv" "$flickr/images" 1 \
    --data "$flickr/captions_en_train.tsv" "$flickr/images" 0.27 \
    --data "$flickr/captions_vi_native_train.tsv" "$flickr/images" 1 \
    --data "$uit/captions_vi.tsv" "$uit/images" 0.3
mkdir -p "$work"

teach() {
    output=$1
    shift
    [ -e "$output.done" ] && return
    "$python" main.py train teacher "$@" --output "$output" \
        --network "$shared/teachers/mobilenet_v1_1.0_224_quant_embedding_extractor.tflite" \
        --network "$shared/teachers/mobilenet_v2_1.0_224_quant.tflite:MobilenetV2/Logits/AvgPool"
    touch "$output.done"
}
teach "$work/dev.npy" --data "$flickr/captions_vi_dev.tsv" "$flickr/images" 1 --views 0
teach "$work/train.npy" "$@" --views 16 --mixed --seed 1

# One core each: networks this small gain less from a second one.
train() {
    family=$1
    shift
    OMP_NUM_THREADS=1 exec "$python" main.py train new "$family" "$@" \
        --teacher "$work/train.npy" --validation-teacher "$work/dev.npy" \
        --validation "$flickr/captions_vi_dev.tsv" "$flickr/images" \
        --validation "$flickr/captions_en_dev.tsv" "$flickr/images" \
        --seed 1 --work "$work/$family" --output "resources/models/starter-$family" \
        >> "$work/$family.log" 2>&1
}
train openclip "$@" &
openclip=$!
train beit3 "$@" &
beit3=$!
# What a shell starts in the background outlives it, and a second start would run into that.
trap 'kill "$openclip" "$beit3" 2> /dev/null || :' EXIT
trap 'exit 130' INT TERM
echo "Training; tail -f $work/openclip.log $work/beit3.log shows how it goes."
wait "$openclip"
wait "$beit3"
trap - EXIT

"$python" main.py evaluate "$flickr/captions_vi_dev.tsv" --images "$flickr/images"
