#!/usr/bin/env python3
"""Writes tests/vectors/keras: a small model of the tutorial's class, saved by Keras 2 (tf_keras) and Keras 3, and what it computes.

    python3 scripts/keras-vectors.py 2      with tensorflow and tf_keras (2.21): keras2/parameters.pkl, keras2/weights.h5
    python3 scripts/keras-vectors.py 3      with keras 3.15 and torch: keras3/parameters.pkl, keras3/vae.weights.h5, keras3/archive/vae.keras

Both write the outputs of their model for images.npy and z.npy. A third call checks a folder that `timbrespace export --keras` wrote:

    python3 scripts/keras-vectors.py check FOLDER [Z.npy DECODED.npy]      loads it as the tutorial's VAE.load does, and decodes
"""

import os
import pathlib
import pickle
import sys

os.environ.setdefault("KERAS_BACKEND", "torch" if sys.argv[1] == "3" else "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "vectors" / "keras"
# Input shape, filters, kernels, strides, size of the latent space.
PARAMETERS = [(16, 8, 1), (6, 4), (3, 3), (2, (2, 1)), 3]


def build(keras, shape, filters, kernels, strides, latent):
    """The layers of the tutorial, by its names: encoder, its two outputs, decoder, and both together."""
    layers = keras.layers
    image = layers.Input(shape=shape, name="encoder_input")
    x = image
    for number, (count, kernel, stride) in enumerate(zip(filters, kernels, strides), 1):
        x = layers.Conv2D(count, kernel, strides=stride, padding="same", name=f"encoder_conv_layer_{number}")(x)
        x = layers.ReLU(name=f"encoder_relu_{number}")(x)
        x = layers.BatchNormalization(name=f"encoder_bn_{number}")(x)
    before = tuple(int(size) for size in x.shape[1:])
    x = layers.Flatten()(x)
    mu = layers.Dense(latent, name="mu")(x)
    log_variance = layers.Dense(latent, name="log_variance")(x)
    point = layers.Lambda(lambda both: both[0] + 0 * both[1], output_shape=(latent,), name="encoder_output")([mu, log_variance])
    encoder = keras.Model(image, point, name="encoder")
    vector = layers.Input(shape=(latent,), name="decoder_input")
    y = layers.Dense(int(np.prod(before)), name="decoder_dense")(vector)
    y = layers.Reshape(before)(y)
    for index in reversed(range(1, len(filters))):
        number = len(filters) - index
        y = layers.Conv2DTranspose(filters[index], kernels[index], strides=strides[index], padding="same",
                                   name=f"decoder_conv_transpose_layer_{number}")(y)
        y = layers.ReLU(name=f"decoder_relu_{number}")(y)
        y = layers.BatchNormalization(name=f"decoder_bn_{number}")(y)
    y = layers.Conv2DTranspose(1, kernels[0], strides=strides[0], padding="same",
                               name=f"decoder_conv_transpose_layer_{len(filters)}")(y)
    y = layers.Activation("sigmoid", name="sigmoid_layer")(y)
    decoder = keras.Model(vector, y, name="decoder")
    whole = keras.Model(image, decoder(encoder(image)), name="autoencoder")
    return keras.Model(image, [mu, log_variance]), decoder, whole


def randomise(model, random):
    for part in model.layers:
        for layer in getattr(part, "layers", []):
            weights = [0.3 * random.standard_normal(values.shape) for values in layer.get_weights()]
            if "_bn_" in layer.name:
                weights[0] += 1.0
                weights[3] = np.abs(weights[3]) + 0.5
            layer.set_weights([values.astype(np.float32) for values in weights])


def array(values):
    return np.ascontiguousarray(values.detach().cpu().numpy() if hasattr(values, "detach") else np.asarray(values))


def write(version):
    if version == "2":
        import tf_keras as keras
    else:
        import keras
    random = np.random.default_rng(7)
    images = random.random((3, *PARAMETERS[0]), dtype=np.float32)
    z = random.standard_normal((4, PARAMETERS[4])).astype(np.float32)
    encoder, decoder, model = build(keras, *PARAMETERS)
    randomise(model, random)
    folder = OUT / f"keras{version}"
    folder.mkdir(parents=True, exist_ok=True)
    np.save(OUT / "images.npy", images)
    np.save(OUT / "z.npy", z)
    mu, log_variance = encoder(images)
    for name, values in [("mu", mu), ("log_variance", log_variance), ("decoded", decoder(z))]:
        np.save(folder / f"{name}.npy", array(values))
    with open(folder / "parameters.pkl", "wb") as file:
        pickle.dump(PARAMETERS, file)
    if version == "2":
        model.save_weights(folder / "weights.h5")
    else:
        model.save_weights(folder / "vae.weights.h5")
        (folder / "archive").mkdir(exist_ok=True)
        model.save(folder / "archive" / "vae.keras")


def check(folder, z=None, decoded=None):
    try:
        import tf_keras as keras
    except ImportError:
        import keras
    folder = pathlib.Path(folder)
    with open(folder / "parameters.pkl", "rb") as file:
        parameters = pickle.load(file)
    _, decoder, model = build(keras, *parameters)
    model.load_weights(str(folder / "weights.h5"))
    vectors = np.load(z) if z else np.zeros((1, parameters[4]), dtype=np.float32)
    images = array(decoder(vectors))[..., 0]
    print(f"{keras.__name__} {keras.__version__} decodes {images.shape}, mean {images.mean():.6f}")
    if decoded:
        difference = np.abs(images - np.load(decoded)).max()
        print(f"largest difference {difference:.2e}")
        assert difference <= 1e-5


if sys.argv[1] == "check":
    check(*sys.argv[2:])
else:
    write(sys.argv[1])
