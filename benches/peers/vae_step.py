#!/usr/bin/env python3
"""PyTorch twins of the presets `small` and `clear`: the other side of `cargo bench --bench model`.

Times one training step (forward, backward, Adam) and the decoding of one vector, in both memory layouts, and prints one
JSON object a line. README.md beside this file says how to run both sides.
"""

import argparse
import json
import resource
import statistics
import sys
import time

import torch
from torch import Tensor, nn
from torch.nn import functional

BINS, FRAMES = 256, 64
# The same as in crates/vae/src/preset.rs and config.rs.
LATENT_SIZES = {"small": 16, "clear": 64}
FILTERS = [16, 16, 32, 64, 128]
STRIDES = [(2, 2), (2, 2), (2, 2), (2, 2), (2, 1)]
KERNEL = 3
RECONSTRUCTION_WEIGHT = 1e6
# TrainingConfig::default(), which the benchmark uses for every preset.
LEARNING_RATE, LINEAR_RATE, EPSILON = 5e-4, 0.01, 1e-7
NORM_EPSILON, NORM_MOMENTUM = 1e-3, 0.01

LAYOUTS = {"contiguous": torch.contiguous_format, "channels_last": torch.channels_last}


def same_padding(stride: int) -> tuple[int, int]:
    """Zeros before and after an axis whose length is a multiple of `stride`, as TensorFlow's "same" has them."""
    total = KERNEL - stride
    return total // 2, total - total // 2


class Down(nn.Module):
    """Convolution, ReLU, batch norm: `[batch, inputs, bins, frames]` to a map smaller by the strides."""

    def __init__(self, inputs: int, filters: int, strides: tuple[int, int]) -> None:
        super().__init__()
        vertical, horizontal = (same_padding(stride) for stride in strides)
        self.padding = (*horizontal, *vertical)  # torch counts from the last axis
        self.convolution = nn.Conv2d(inputs, filters, KERNEL, strides)
        self.norm = nn.BatchNorm2d(filters, eps=NORM_EPSILON, momentum=NORM_MOMENTUM)

    def forward(self, images: Tensor) -> Tensor:
        return self.norm(functional.relu(self.convolution(functional.pad(images, self.padding))))


class Up(nn.Module):
    """Transposed convolution, cropped to the input size times the strides; ReLU and batch norm unless it is the last."""

    def __init__(self, inputs: int, filters: int, strides: tuple[int, int], last: bool) -> None:
        super().__init__()
        self.strides = strides
        self.convolution = nn.ConvTranspose2d(inputs, filters, KERNEL, strides)
        self.norm = None if last else nn.BatchNorm2d(filters, eps=NORM_EPSILON, momentum=NORM_MOMENTUM)

    def forward(self, maps: Tensor) -> Tensor:
        images = self.convolution(maps)
        for axis, stride in zip((2, 3), self.strides):
            images = images.narrow(axis, same_padding(stride)[0], maps.shape[axis] * stride)
        return images if self.norm is None else self.norm(functional.relu(images))


class Vae(nn.Module):
    """Five convolutions, their mirror, and a linear path in parallel with both."""

    def __init__(self, latent_size: int) -> None:
        super().__init__()
        pairs = list(zip([1, *FILTERS], FILTERS, STRIDES))
        self.down = nn.Sequential(*(Down(inputs, filters, strides) for inputs, filters, strides in pairs))
        bins, frames = BINS, FRAMES
        for vertical, horizontal in STRIDES:
            bins, frames = bins // vertical, frames // horizontal
        self.bottleneck = (FILTERS[-1], bins, frames)
        features = FILTERS[-1] * bins * frames
        self.mu = nn.Linear(features, latent_size)
        self.log_variance = nn.Linear(features, latent_size)
        self.dense = nn.Linear(latent_size, features)
        # A layer keeps the number of filters of the one that it mirrors; the outermost returns to one channel.
        channels, layers = FILTERS[-1], []
        for index in reversed(range(len(FILTERS))):
            filters = FILTERS[index] if index > 0 else 1
            layers.append(Up(channels, filters, STRIDES[index], last=index == 0))
            channels = filters
        self.up = nn.Sequential(*layers)
        self.linear_encoder = nn.Linear(BINS * FRAMES, latent_size)
        self.linear_decoder = nn.Linear(latent_size, BINS * FRAMES)

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """`[batch, 1, bins, frames]` to mu and log-variance, `[batch, latent]` each."""
        features = self.down(images).flatten(1)
        return self.mu(features) + self.linear_encoder(images.flatten(1)), self.log_variance(features)

    def decode(self, latent: Tensor) -> Tensor:
        """`[batch, latent]` to images before the clamp, `[batch, 1, bins, frames]`."""
        maps = self.dense(latent).view(-1, *self.bottleneck)
        return self.linear_decoder(latent).view(-1, 1, BINS, FRAMES) + self.up(maps)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        mu, log_variance = self.encode(images)
        decoded = self.decode(mu + torch.exp(log_variance / 2) * torch.randn_like(mu))
        # Straight-through: clamped values, gradients as if they were not.
        return decoded + (decoded.clamp(0, 1) - decoded).detach(), mu, log_variance


def loss_of(model: Vae, images: Tensor) -> Tensor:
    """Weight × mean squared error + KL divergence, mean over the batch."""
    decoded, mu, log_variance = model(images)
    reconstruction = (decoded - images).square().mean()
    divergence = -0.5 * (1 + log_variance - mu.square() - log_variance.exp()).sum(1)
    return RECONSTRUCTION_WEIGHT * reconstruction + divergence.mean()


def optimiser_of(model: Vae) -> torch.optim.Adam:
    """Adam; the linear path has a learning rate of its own."""
    path = [*model.linear_encoder.parameters(), *model.linear_decoder.parameters()]
    known = {id(parameter) for parameter in path}
    others = [parameter for parameter in model.parameters() if id(parameter) not in known]
    groups = [{"params": others}, {"params": path, "lr": LEARNING_RATE * LINEAR_RATE}]
    return torch.optim.Adam(groups, lr=LEARNING_RATE, eps=EPSILON)


def timed(work, device: torch.device, seconds: float) -> dict[str, float]:
    """Milliseconds of `work`, repeated for `seconds` after three runs to warm up: median, 5 % and 95 % of the runs."""
    waits = {"cuda": torch.cuda.synchronize, "mps": torch.mps.synchronize}.get(device.type, lambda: None)
    for _ in range(3):
        work()
    waits()
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 10 or time.perf_counter() < end:
        start = time.perf_counter()
        work()
        waits()
        times.append((time.perf_counter() - start) * 1e3)
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return {"median": round(statistics.median(times), 3), "low": round(cuts[0], 3), "high": round(cuts[-1], 3), "runs": len(times)}


def measure(preset: str, layout: str, options: argparse.Namespace) -> dict:
    """Both figures of one preset in one memory layout."""
    torch.manual_seed(0)
    device = torch.device(options.device)
    model = Vae(LATENT_SIZES[preset]).to(device, memory_format=LAYOUTS[layout])
    images = torch.rand(options.batch, 1, BINS, FRAMES).to(device, memory_format=LAYOUTS[layout])
    optimiser = optimiser_of(model)
    losses: list[float] = []

    def step() -> None:
        optimiser.zero_grad()
        loss = loss_of(model, images)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())

    step_ms = timed(step, device, options.seconds)
    if not losses[-1] < losses[0]:
        sys.exit(f"error: {preset} does not learn: its loss went from {losses[0]:.0f} to {losses[-1]:.0f}")
    model.eval()
    vector = torch.zeros(1, LATENT_SIZES[preset], device=device)
    with torch.inference_mode():
        decode_ms = timed(lambda: model.decode(vector).clamp(0, 1).cpu(), device, options.seconds / 3)
    return {
        "preset": preset,
        "layout": layout,
        "device": options.device,
        "threads": torch.get_num_threads(),
        "batch": options.batch,
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "step_ms": step_ms,
        "decode_ms": decode_ms,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1 << 20 if sys.platform == "darwin" else 1 << 10),
        "torch": torch.__version__,
    }


def main() -> None:
    """Reads the arguments and prints one line for each preset and layout."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("presets", nargs="*", metavar="PRESET", help="small, clear; both if none is named")
    parser.add_argument("--threads", type=int, default=2, help="threads, as in TIMBRESPACE_BENCH_THREADS (2)")
    parser.add_argument("--batch", type=int, default=16, help="images in a step (16)")
    parser.add_argument("--seconds", type=float, default=15.0, help="seconds of steps in each layout (15)")
    parser.add_argument("--device", default="cpu", help="cpu, cuda or mps (cpu)")
    options = parser.parse_args()
    for preset in options.presets:
        if preset not in LATENT_SIZES:
            parser.error(f"no preset {preset}: choose from {', '.join(LATENT_SIZES)}")
    torch.set_num_threads(options.threads)
    for preset in options.presets or LATENT_SIZES:
        for layout in LAYOUTS:
            print(json.dumps(measure(preset, layout, options)), flush=True)


if __name__ == "__main__":
    main()
