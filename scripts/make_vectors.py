"""Writes the reference vectors in tests/vectors with librosa and Keras, from Timbrespace's own demo sounds.

    cargo run --release -- demo --out /tmp/demo
    pip install librosa==0.11.0 soundfile tensorflow-cpu
    python3 scripts/make_vectors.py /tmp/demo tests/vectors
    python3 scripts/make_vectors.py --griffin-lim ../shared/reference tests/vectors   (figures of those recordings)
    python3 scripts/make_vectors.py --pieces . tests/vectors                          (pieces.json only)
    python3 scripts/make_vectors.py --mel-inverse ../shared/reference tests/vectors   (figures of those recordings)
    python3 scripts/make_vectors.py --log-frequency . tests/vectors                   (the log_frequency* files only)
    python3 scripts/make_vectors.py --resample . tests/vectors                        (the resample files only)

What lies there (all .npy are float32 in C order unless said otherwise):
    audio/*                   four demo sounds in four formats and rates, and one of them as AIFF and as MP3
    log_spectrogram/STEM/     signal, padded, stft_real, stft_imag, magnitude, log_db, normalised, istft: the
                              tutorial's settings, but only the first 0.25 s
    log_mel/STEM/             audio, log_mel: HiFi-GAN's settings in double precision, the first 0.3 s
    mel_filters/*.npy         librosa.filters.mel
    vae/                      a small VAE in Keras: weights, input (pieces of demo spectrograms), outputs, losses
    mel_inverse/STEM.npy      librosa.feature.inverse.mel_to_stft of a few frames of log_mel/STEM  [513, 4]
    mel_inverse.json          its relative errors on whole recordings: of the bands, and of the magnitude
    log_frequency/STEM.npy    log-frequency bands in dB of log_spectrogram/STEM/padded, frame 2048 and hop 256  [192, 22]
    log_frequency/filters_*   the bank of a small setting  [48, 257]
    log_frequency_inverse/    librosa.util.nnls of a few frames of log_frequency/STEM  [1025, 4]
    log_frequency.json        its relative errors on all frames: of the bands, and of the magnitude
    pieces.json               librosa's split at silences and onsets of a recording twice, with silences, and backwards
    griffin_lim.json          librosa's median spectral convergence over ten seeds, for each recording
    resample/FROM_TO.npy      white noise at one rate by librosa.resample (soxr_hq) at another; resample/FROM.npy the noise
    numpy_scalars.pkl         a pickle with NumPy scalars, as the tutorial's Python leaves it
"""

import argparse
import json
import pathlib
import pickle

import librosa
import numpy as np
import soundfile

RATE, FRAME, HOP = 22050, 512, 256
SPECTROGRAM_SECONDS, MEL_SECONDS = 0.25, 0.3
MEL_INVERSE_FRAMES = slice(6, 10)
LOG_FREQUENCY_FRAME = 2048
SOUNDS = {
    # demo sound: (file to make, rate, channels, libsndfile subtype)
    "pluck/pluck_007.wav": ("pluck_22k.wav", 22050, 1, "PCM_16"),
    "vowel/vowel_011.wav": ("vowel_8k.wav", 8000, 1, "PCM_16"),
    "bell/bell_003.wav": ("bell_48k_stereo.flac", 48000, 2, "PCM_24"),
    "drum/drum_005.wav": ("drum_44k.ogg", 44100, 1, "VORBIS"),
}


def store(folder, **arrays):
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", np.ascontiguousarray(array, dtype=np.float32))


def write_audio(demo, folder):
    """The demo sounds in other rates and formats; stereo has the second channel at half the level."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, (name, rate, channels, subtype) in SOUNDS.items():
        samples, native = soundfile.read(demo / source)
        samples = librosa.resample(samples, orig_sr=native, target_sr=rate)
        if channels == 2:
            samples = np.stack([samples, samples / 2], axis=1)
        soundfile.write(folder / name, samples, rate, subtype=subtype)
    samples, native = soundfile.read(demo / "pluck/pluck_007.wav")
    soundfile.write(folder / "pluck_22k.aiff", samples, native, subtype="PCM_16")
    soundfile.write(folder / "pluck_22k.mp3", samples, native)


def log_spectrogram(path, folder):
    signal, _ = librosa.load(path, sr=RATE, duration=SPECTROGRAM_SECONDS)
    padded = librosa.util.fix_length(signal, size=int(RATE * SPECTROGRAM_SECONDS))
    stft = librosa.stft(padded, n_fft=FRAME, hop_length=HOP)
    magnitude = np.abs(stft)[:-1]
    log_db = librosa.amplitude_to_db(magnitude, ref=1.0, amin=1e-5, top_db=80.0)
    normalised = (log_db - log_db.min()) / np.ptp(log_db)
    istft = librosa.istft(stft, n_fft=FRAME, hop_length=HOP)
    store(folder, signal=signal, padded=padded, stft_real=stft.real, stft_imag=stft.imag,
          magnitude=magnitude, log_db=log_db, normalised=normalised, istft=istft)
    return magnitude, normalised


def log_mel(path, folder, rate=44100, frame=1024, mels=80):
    """HiFi-GAN's mel spectrogram, with librosa's own functions in double precision."""
    audio, _ = librosa.load(path, sr=rate, duration=MEL_SECONDS)
    audio = librosa.util.fix_length(audio, size=int(rate * MEL_SECONDS))
    margin = (frame - HOP) // 2
    reflected = np.pad(audio.astype(np.float64), margin, mode="reflect")
    spectrum = librosa.stft(reflected, n_fft=frame, hop_length=HOP, center=False, dtype=np.complex128)
    magnitude = np.sqrt(spectrum.real**2 + spectrum.imag**2 + 1e-9)
    bank = librosa.filters.mel(sr=rate, n_fft=frame, n_mels=mels, fmin=0, fmax=8000, dtype=np.float64)
    store(folder, audio=audio, log_mel=np.log(np.maximum(bank @ magnitude, 1e-5)))


def mel_inverse(recording, out=None, rate=44100, frame=1024):
    """How near librosa's non-negative least squares comes to the bands and to the magnitude they were made from."""
    audio, log_mel = (np.load(recording / f"{name}.npy").astype(np.float64) for name in ("audio", "log_mel"))
    reflected = np.pad(audio, (frame - HOP) // 2, mode="reflect")
    truth = np.abs(librosa.stft(reflected, n_fft=frame, hop_length=HOP, center=False, dtype=np.complex128))
    bands = np.exp(log_mel)
    found = librosa.feature.inverse.mel_to_stft(bands, sr=rate, n_fft=frame, power=1.0, fmin=0, fmax=8000)
    if out:
        store(out, **{recording.name: found[:, MEL_INVERSE_FRAMES]})
    if not truth.any():
        return None
    bank = librosa.filters.mel(sr=rate, n_fft=frame, n_mels=len(bands), fmin=0, fmax=8000, dtype=np.float64)
    relative = lambda a, b: float(f"{np.linalg.norm(a - b) / np.linalg.norm(b):.4g}")
    return {"bands": relative(bank @ found, bands), "magnitude": relative(found, truth)}


def log_frequency_filters(rate, frame, rows, per_octave, low):
    """Triangles between centres spaced as in a constant-Q transform, at least two bins wide; each row sums to 1."""
    bins = librosa.fft_frequencies(sr=rate, n_fft=frame)
    centres = librosa.cqt_frequencies(n_bins=rows, fmin=low, bins_per_octave=per_octave)[:, None]
    step, width = 2 ** (1 / per_octave), rate / frame
    left, right = np.minimum(centres / step, centres - width), np.maximum(centres * step, centres + width)
    bank = np.maximum(0, np.minimum((bins - left) / (centres - left), (right - bins) / (right - centres)))
    return librosa.util.normalize(bank, norm=1, axis=1)


def log_frequency(recording, out):
    """The bands in dB, and librosa's non-negative least squares back to the magnitude with its relative errors."""
    padded = np.load(recording / "padded.npy")
    bank = log_frequency_filters(RATE, LOG_FREQUENCY_FRAME, rows=192, per_octave=24, low=32.703)
    truth = np.abs(librosa.stft(padded, n_fft=LOG_FREQUENCY_FRAME, hop_length=HOP))
    log_db = librosa.amplitude_to_db(bank @ truth, ref=1.0, amin=1e-5, top_db=80.0)
    bands = librosa.db_to_amplitude(log_db)
    found = librosa.util.nnls(bank, bands)
    store(out / "log_frequency", **{recording.name: log_db})
    store(out / "log_frequency_inverse", **{recording.name: found[:, MEL_INVERSE_FRAMES]})
    relative = lambda a, b: float(f"{np.linalg.norm(a - b) / np.linalg.norm(b):.4g}")
    return {"bands": relative(bank @ found, bands), "magnitude": relative(found, truth)}


def write_log_frequency(out):
    store(out / "log_frequency",
          filters_sr22050_nfft512_rows48_12_65=log_frequency_filters(22050, 512, rows=48, per_octave=12, low=65.406))
    for recording in sorted((out / "log_spectrogram").iterdir()):
        update(out / "log_frequency.json", LOG_FREQUENCY, recording.name, log_frequency(recording, out))


def griffin_lim(magnitude, iterations=32):
    """librosa's median spectral convergence over ten seeds; None for silence."""
    if not magnitude.any():
        return None
    whole = np.vstack([magnitude, np.zeros_like(magnitude[:1])])
    figures = []
    for seed in range(10):
        sound = librosa.griffinlim(whole, n_iter=iterations, hop_length=HOP, n_fft=FRAME, random_state=seed)
        rest = whole - np.abs(librosa.stft(sound, n_fft=FRAME, hop_length=HOP))
        figures.append(np.linalg.norm(rest) / np.linalg.norm(whole))
    return round(float(np.median(figures)), 5)


GRIFFIN_LIM = "librosa.griffinlim, 32 iterations, median spectral convergence over 10 seeds"
LOG_FREQUENCY = "librosa.util.nnls, relative errors of the bands and of the magnitude"
MEL_INVERSE = "librosa.feature.inverse.mel_to_stft, relative errors of the bands and of the magnitude"


def pieces(recording):
    """What cutting is compared with: librosa.effects.split, and onsets brought back to the minimum before them."""
    sound, rate = soundfile.read(recording, dtype="float32")
    rest = lambda secs: np.zeros(int(secs * rate), np.float32)
    signal = np.concatenate([sound, rest(0.25), sound * np.float32(0.25), rest(0.4), sound[::-1], rest(0.1)])
    strength = librosa.onset.onset_strength(y=signal, sr=rate)
    onsets = librosa.onset.onset_detect(onset_envelope=strength, sr=rate, backtrack=True, units="samples")
    return {
        "split": librosa.effects.split(signal, top_db=40).tolist(),
        "onsets": sorted(set(onsets.tolist())),
        "strength": [round(float(value), 5) for value in strength / strength.max()],
    }


def update(path, what, key, figures):
    known = json.loads(path.read_text()) if path.exists() else {}
    known[key] = figures
    known["what"] = what
    path.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")


def vae(images, folder):
    """A VAE with the layers of the full one, small enough to keep; Keras's own weight names and layouts."""
    import keras
    from keras import layers

    filters, strides, latent = (16, 8, 8, 4, 4), (2, 2, 2, 2, (2, 1)), 6
    keras.utils.set_random_seed(11)
    image = layers.Input(images.shape[1:])
    x = image
    for number, (width, stride) in enumerate(zip(filters, strides), start=1):
        x = layers.Conv2D(width, 3, strides=stride, padding="same", name=f"encoder_conv_layer_{number}")(x)
        x = layers.ReLU()(x)
        x = layers.BatchNormalization(name=f"encoder_bn_{number}")(x)
    bottleneck = x.shape[1:]
    x = layers.Flatten()(x)
    outputs = [layers.Dense(latent, name=name)(x) for name in ("mu", "log_variance")]
    encoder = keras.Model(image, outputs)

    point = layers.Input((latent,))
    x = layers.Dense(int(np.prod(bottleneck)), name="decoder_dense")(point)
    x = layers.Reshape(bottleneck)(x)
    widths = [*reversed(filters[1:]), 1]
    for number, (width, stride) in enumerate(zip(widths, reversed(strides)), start=1):
        name = f"decoder_conv_transpose_layer_{number}"
        last = number == len(widths)
        # The last layer is as wide as the image; all others as wide as the encoder's at their height.
        x = layers.Conv2DTranspose(width, 3, strides=stride, padding="same", name=name)(x)
        if last:
            x = layers.Activation("sigmoid")(x)
        else:
            x = layers.BatchNormalization(name=f"decoder_bn_{number}")(layers.ReLU()(x))
    decoder = keras.Model(point, x)

    draw = np.random.default_rng(11)
    for model in (encoder, decoder):
        values = []
        for weight in model.weights:
            noise = draw.normal(0.0, 0.2, weight.shape)
            # Scales and variances around 1, everything else around 0: no value that could hide a mistake.
            around_one = weight.path.endswith(("gamma", "moving_variance"))
            values.append((np.abs(1.0 + noise) if around_one else noise).astype(np.float32))
        model.set_weights(values)
        store(folder / "weights", **{w.path.replace("/", "."): v for w, v in zip(model.weights, values)})

    mu, log_variance = encoder.predict(images, verbose=0)
    z = draw.normal(size=mu.shape).astype(np.float32)
    decoded_mu = decoder.predict(mu, verbose=0)
    store(folder, input=images, mu=mu, log_variance=log_variance, z=z, decoded_mu=decoded_mu,
          decoded=decoder.predict(z, verbose=0),
          reconstruction_loss=np.square(images - decoded_mu).mean(axis=(1, 2, 3)),
          kl_loss=0.5 * (np.square(mu) + np.exp(log_variance) - 1.0 - log_variance).sum(axis=1))


def piece_for_vae(path):
    """The lower left [64, 32] of a demo sound's image."""
    signal, _ = librosa.load(path, sr=RATE, duration=0.74)
    log_db = librosa.amplitude_to_db(np.abs(librosa.stft(signal, n_fft=FRAME, hop_length=HOP)))
    piece = librosa.util.fix_length(log_db[:64], size=32, axis=1, constant_values=log_db.min())
    return ((piece - piece.min()) / np.ptp(piece))[..., None].astype(np.float32)


def write_resample(out):
    """White noise, so that every frequency counts alike."""
    for rate, others in {8000: [22050], 44100: [22050, 48000]}.items():
        noise = (0.1 * np.random.default_rng(rate).standard_normal(3000)).astype(np.float32)
        store(out, **{str(rate): noise})
        for other in others:
            resampled = librosa.resample(noise.astype(np.float64), orig_sr=rate, target_sr=other, res_type="soxr_hq")
            store(out, **{f"{rate}_{other}": resampled})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--griffin-lim", action="store_true", help="only figures, for recordings elsewhere")
    parser.add_argument("--mel-inverse", action="store_true", help="only figures, for recordings elsewhere")
    parser.add_argument("--pieces", action="store_true", help="only pieces.json, from OUT/audio")
    parser.add_argument("--log-frequency", action="store_true", help="only log_frequency*, from OUT/log_spectrogram")
    parser.add_argument("--resample", action="store_true", help="only resample/*")
    parser.add_argument("source", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    arguments = parser.parse_args()
    source, out = arguments.source, arguments.out
    if arguments.griffin_lim:
        figures = {folder.name: griffin_lim(np.load(folder / "magnitude.npy"))
                   for folder in sorted((source / "log_spectrogram").iterdir())}
        update(out / "griffin_lim.json", GRIFFIN_LIM, "shared", figures)
        return
    if arguments.mel_inverse:
        figures = {folder.name: mel_inverse(folder) for folder in sorted((source / "log_mel").iterdir())}
        update(out / "mel_inverse.json", MEL_INVERSE, "shared", figures)
        return
    if arguments.log_frequency:
        write_log_frequency(out)
        return
    if arguments.resample:
        write_resample(out / "resample")
        return
    if not arguments.pieces:
        write_audio(source, out / "audio")
    cuts = {name: pieces(out / "audio" / f"{name}.wav") for name in ["pluck_22k", "vowel_8k"]}
    (out / "pieces.json").write_text(json.dumps(cuts) + "\n")
    if arguments.pieces:
        return
    write_resample(out / "resample")
    figures, inverses = {}, {}
    for name, *_ in SOUNDS.values():
        path = out / "audio" / name
        magnitude, _ = log_spectrogram(path, out / "log_spectrogram" / path.stem)
        log_mel(path, out / "log_mel" / path.stem)
        figures[path.stem] = griffin_lim(magnitude)
        inverses[path.stem] = mel_inverse(out / "log_mel" / path.stem, out / "mel_inverse")
    write_log_frequency(out)
    update(out / "griffin_lim.json", GRIFFIN_LIM, "own", figures)
    update(out / "mel_inverse.json", MEL_INVERSE, "own", inverses)
    store(out / "mel_filters",
          sr22050_nfft512_mels40_0_11025=librosa.filters.mel(sr=22050, n_fft=512, n_mels=40, fmin=0, fmax=11025))
    vae(np.stack([piece_for_vae(source / name) for name in list(SOUNDS)[:3]]), out / "vae")
    scalars = {"x.npy": {"min": np.float32(-55.0), "max": np.float64(25.0)}}
    (out / "numpy_scalars.pkl").write_bytes(pickle.dumps(scalars, 4))


if __name__ == "__main__":
    main()
