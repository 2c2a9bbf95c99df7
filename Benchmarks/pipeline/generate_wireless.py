#!/usr/bin/env python3
"""Write a synthetic wireless contribution log: one UTC day of a LoRaWAN network, honest nodes only.

    python3 generate_wireless.py --records 1000000 --nodes 5000 --seed 1 --out wireless.ndjson

Gateways stand in towns; devices and beacons are heard by one to five gateways close by, through
log-distance path loss with shadowing. Each node claims once, then packets, beacons and witnesses
follow in order of arrival. About 300 bytes a record. The same arguments give the same bytes, and
memory stays at a few hundred MB however long the log is. It measures speed: it holds no attacks.
"""

import argparse
from pathlib import Path

import numpy as np

DAY_START_MS = 1_763_596_800_000  # 2025-11-20T00:00:00Z
DAY_MS = 86_400_000
CLAIMS_MS = 60_000  # the day's first minute carries the claims
CHUNK = 100_000  # records made at a time
TOWN_NODES = 40  # gateways a town has, on average
DEVICES_PER_NODE = 4
NEIGHBOURS = 8  # gateways near a home gateway that may hear the same transmission
RECEPTIONS = np.array([0.30, 0.28, 0.20, 0.13, 0.09])  # share of transmissions heard by 1...5
MEAN_RECEPTIONS = float(RECEPTIONS @ np.arange(1, 6))
BEACON_SHARE = 0.10  # of transmissions
EU868 = np.array(["868.1", "868.3", "868.5", "867.1", "867.3", "867.5", "867.7", "867.9"], object)
KM_PER_DEGREE = 111.32

# Path loss at 1 km and slope per decade: Petäjäjärvi et al. 2015, LoRa in a city at 868 MHz.
LOSS_1KM_DB, LOSS_SLOPE_DB = 128.95, 23.2
SHADOWING_DB, FADING_DB = 7.0, 2.5  # per link, per reception
NOISE_DBM = -117.0  # -174 dBm/Hz over 125 kHz with a 6 dB noise figure
SNR_FLOOR_DB = np.array([-7.5, -10, -12.5, -15, -17.5, -20])  # SF7...SF12, Semtech SX1301
MAKERS = ["Kerlink", "RAK", "Dragino", "MikroTik", "SenseCAP", "Milesight"]
MODELS = ["iBTS", "RAK7289", "LPS8N", "wAP-LR8", "M2", "UG67"]

PACKET = ('{"ts":%d,"node":"%s","kind":"packet","device":"%s","payload_hash":"%016x%016x",'
          '"rssi_dbm":%d,"snr_db":%.2f,"freq_mhz":%s,"datarate":"SF%dBW125","size_bytes":%d,'
          '"hold_ms":%d,"tmst_us":%d%s}\n')
WITNESS = ('{"ts":%d,"node":"%s","kind":"witness","beacon_id":"%016x%016x","peer":"%s",'
           '"payload_hash":"%016x%016x","rssi_dbm":%d,"snr_db":%.2f,"freq_mhz":%s,'
           '"datarate":"SF%dBW125","hold_ms":%d,"tmst_us":%d}\n')
BEACON = ('{"ts":%d,"node":"%s","kind":"beacon","beacon_id":"%016x%016x","freq_mhz":%s,'
          '"datarate":"SF%dBW125","tx_power_dbm":%s}\n')
CLAIM = ('{"ts":%d,"node":"%s","kind":"claim","maker":"%s","model":"%s","owner":"owner-%05d",'
         '"region":"EU868","lat":%.6f,"lon":%.6f,"elevation_m":%.1f,"gain_dbi":%.1f,'
         '"tx_power_dbm":%.1f}\n')


def mix(*words):
    """A 64-bit hash of integer arrays (splitmix64): the same inputs give the same bits anywhere."""
    state = np.uint64(0x9E3779B97F4A7C15)
    for w in words:
        state = (state ^ np.asarray(w).astype(np.uint64)) + np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state = state ^ (state >> np.uint64(31))
    return state


def hashed_normal(*words):
    """A standard normal that is a function of its inputs: a link keeps its shadowing all day."""
    with np.errstate(over="ignore"):
        a, b = mix(1, *words), mix(2, *words)
    u = (a >> np.uint64(11)).astype(float) / 2**53
    v = (b >> np.uint64(11)).astype(float) / 2**53
    return np.sqrt(-2 * np.log(1 - u)) * np.cos(2 * np.pi * v)


class Network:
    """Gateways, devices and who is near whom."""

    def __init__(self, nodes, seed):
        rng = np.random.default_rng([seed, 0])
        self.count, self.seed = nodes, seed
        towns = max(1, nodes // TOWN_NODES)
        town = np.sort(rng.integers(0, towns, nodes))
        centre = np.stack([rng.uniform(44, 56, towns), rng.uniform(-1, 24, towns)], 1)
        self.position = self.around(rng, centre[town], 2.5)
        self.near = self.neighbours(town)
        self.name = np.array(["gw-%s" % rng.bytes(20).hex() for _ in range(nodes)], object)
        self.owner = rng.integers(0, max(1, nodes // 3), nodes)
        self.model = rng.integers(0, len(MODELS), nodes)
        self.elevation = rng.gamma(3, 60, nodes)
        self.gain = rng.choice([1.2, 2.3, 3.0, 5.8, 8.0], nodes)
        self.power = rng.choice([14.0, 16.0, 27.0], nodes, p=[0.6, 0.3, 0.1])
        self.noise = NOISE_DBM + rng.normal(0, 1.5, nodes)
        self.phase_us = rng.integers(0, 2**32, nodes)
        self.drift = rng.normal(0, 4e-6, nodes)
        self.weight = self.shares(rng, nodes)

        devices = nodes * DEVICES_PER_NODE
        self.home = rng.integers(0, nodes, devices)
        self.device_position = self.around(rng, self.position[self.home], 0.7)
        known = rng.random(devices) < 0.4
        self.device = np.array([rng.bytes(8).hex() for _ in range(devices)], object)
        self.device_tail = np.array(
            [',"device_lat":%.6f,"device_lon":%.6f' % tuple(p) if k else ""
             for p, k in zip(self.device_position, known)], object)
        self.device_weight = self.shares(rng, devices)

    @staticmethod
    def around(rng, centre, spread_km):
        offset = rng.normal(0, spread_km, centre.shape) / KM_PER_DEGREE
        offset[:, 1] /= np.cos(np.radians(centre[:, 0]))
        return centre + offset

    @staticmethod
    def shares(rng, count):
        """Cumulative shares of traffic, log-normal: some are ten times busier than others."""
        return np.cumsum(rng.lognormal(0, 0.8, count))

    def neighbours(self, town):
        """The home first, then the nearest gateways of its town; -1 where there are no more."""
        near = np.full((self.count, NEIGHBOURS + 1), -1)
        edges = np.flatnonzero(np.diff(town)) + 1
        for members in np.split(np.arange(self.count), edges):
            distance = distance_km(self.position[members][:, None], self.position[members][None])
            order = members[np.argsort(distance, axis=1, kind="stable")[:, :NEIGHBOURS + 1]]
            near[members, :order.shape[1]] = order
        near[:, 0] = np.arange(self.count)
        return near


def distance_km(a, b):
    """Distance on a locally flat earth; towns are small."""
    north = (a[..., 0] - b[..., 0]) * KM_PER_DEGREE
    east = (a[..., 1] - b[..., 1]) * KM_PER_DEGREE * np.cos(np.radians(a[..., 0]))
    return np.hypot(north, east)


def draw(rng, cumulative, count):
    return np.searchsorted(cumulative, rng.random(count) * cumulative[-1], side="right")


def hold_ms(rng, count):
    """Backhaul delay: mostly tens of ms; 4 % later than 4 s, a third of those beyond 180 s."""
    late = rng.random(count)
    out = rng.gamma(2.0, 40.0, count)
    out = np.where(late < 0.041, 4000 + rng.exponential(40_000, count), out)
    out = np.where(late < 0.015, 180_000 + rng.exponential(60_000, count), out)
    return np.minimum(out, 900_000).astype(np.int64)


def receive(rng, net, sender, origin, power_dbm, gateway, sf):
    """RSSI and SNR of each reception; `sender` identifies the far end of the link."""
    km = np.maximum(distance_km(origin, net.position[gateway]), 0.03)
    loss = LOSS_1KM_DB + LOSS_SLOPE_DB * np.log10(km)
    shadow = SHADOWING_DB * hashed_normal(np.full(len(sender), net.seed), sender, gateway)
    fading = rng.normal(0, FADING_DB, len(sender))
    signal = power_dbm + net.gain[gateway] - loss + shadow + fading
    noise = net.noise[gateway]
    snr = np.minimum(signal - noise, 12 + rng.normal(0, 1.0, len(sender)))
    snr = np.maximum(snr, SNR_FLOOR_DB[sf - 7] + rng.exponential(0.8, len(sender)))
    total = 10 * np.log10(10 ** (np.maximum(signal, noise + snr) / 10) + 10 ** (noise / 10))
    return np.rint(np.clip(total, -140, -20)), np.round(snr * 4) / 4


def spreading_factor(rng, net, home, origin, power):
    """The fastest rate whose floor the home link clears by 8 dB, give or take one step."""
    km = np.maximum(distance_km(origin, net.position[home]), 0.03)
    margin = power + net.gain[home] - LOSS_1KM_DB - LOSS_SLOPE_DB * np.log10(km) - net.noise[home]
    step = 5 - np.searchsorted(SNR_FLOOR_DB[::-1] + 8, margin, side="right") + 1
    return np.clip(step + rng.integers(-1, 2, len(home)), 0, 5) + 7


def transmissions(rng, net, count, start, length):
    """Columns of all records of `count` transmissions that start within the slice."""
    time_us = (start * 1000 + rng.random(count) * length * 1000).astype(np.int64)
    beacon = rng.random(count) < BEACON_SHARE
    device = draw(rng, net.device_weight, count)
    home = np.where(beacon, draw(rng, net.weight, count), net.home[device])
    origin = np.where(beacon[:, None], net.position[home], net.device_position[device])
    power = np.where(beacon, net.power[home] + net.gain[home], 14.0)
    sf = np.where(beacon, 9, spreading_factor(rng, net, home, origin, power))
    channel = rng.integers(0, len(EU868), count)
    size = np.where(beacon, 52, rng.integers(11, 52, count))
    words = rng.integers(0, 2**63, (count, 4))

    heard = rng.choice(5, count, p=RECEPTIONS) + 1
    event = np.repeat(np.arange(count), heard)
    rank = np.arange(len(event)) - np.repeat(np.cumsum(heard) - heard, heard)
    # A packet is heard by its home and the next ones; a beacon only by others than its sender.
    skip = rng.integers(0, NEIGHBOURS - 4, count)
    column = np.where(beacon[event] | (rank > 0), rank + skip[event] + beacon[event], 0)
    gateway = net.near[home[event], column]
    delay = hold_ms(rng, len(event))
    delay -= np.repeat(np.minimum.reduceat(delay, np.cumsum(heard) - heard), heard)
    there = np.flatnonzero(gateway >= 0)
    event, gateway, delay = event[there], gateway[there], delay[there]
    sender = np.where(beacon, home + (1 << 40), device)[event]
    rssi, snr = receive(rng, net, sender, origin[event], power[event], gateway, sf[event])
    arrival = time_us[event] // 1000 + 120 + delay
    counter = (time_us[event] * (1 + net.drift[gateway])).astype(np.int64) + net.phase_us[gateway]
    part = {"kind": np.where(beacon[event], 1, 0), "ts": arrival, "node": gateway,
            "device": device[event], "home": home[event], "channel": channel[event],
            "sf": sf[event], "size": size[event], "rssi": rssi.astype(np.int64), "snr": snr,
            "hold": delay, "tmst": counter % 2**32,
            "a": words[event, 0], "b": words[event, 1], "c": words[event, 2], "d": words[event, 3]}
    sent = np.flatnonzero(beacon)
    own = {key: np.zeros(len(sent), values.dtype) for key, values in part.items()}
    own.update(kind=np.full(len(sent), 2), ts=time_us[sent] // 1000 + 60, node=home[sent],
               home=home[sent], channel=channel[sent], sf=sf[sent], a=words[sent, 0],
               b=words[sent, 1])
    return {key: np.concatenate([part[key], own[key]]) for key in part}


def take(columns, index):
    return {key: values[index] for key, values in columns.items()}


def render(net, rows):
    """The records of `rows` as text, in order."""
    lines = np.empty(len(rows["ts"]), object)
    ts = rows["ts"] + DAY_START_MS
    for kind, template in ((0, PACKET), (1, WITNESS), (2, BEACON)):
        at = np.flatnonzero(rows["kind"] == kind)
        r = take(rows, at)
        name, channel = net.name[r["node"]], EU868[r["channel"]]
        radio = (r["rssi"], r["snr"], channel, r["sf"])
        if kind == 0:
            columns = (ts[at], name, net.device[r["device"]], r["a"], r["b"], *radio, r["size"],
                       r["hold"], r["tmst"], net.device_tail[r["device"]])
        elif kind == 1:
            columns = (ts[at], name, r["a"], r["b"], net.name[r["home"]], r["c"], r["d"], *radio,
                       r["hold"], r["tmst"])
        else:
            columns = (ts[at], name, r["a"], r["b"], channel, r["sf"], net.power[r["home"]])
        lines[at] = list(map(template.__mod__, zip(*(c.tolist() for c in columns))))
    return "".join(lines.tolist())


def claims(net):
    rng = np.random.default_rng([net.seed, 1])
    ts = DAY_START_MS + np.sort(rng.integers(0, CLAIMS_MS, net.count))
    rows = zip(ts.tolist(), net.name, net.model, net.owner, net.position, net.elevation, net.gain,
               net.power)
    return "".join(CLAIM % (t, name, MAKERS[m], MODELS[m], owner, p[0], p[1], elevation, gain,
                            power) for t, name, m, owner, p, elevation, gain, power in rows)


def generate(records, nodes, seed, out):
    """Writes exactly `records` records; late arrivals wait for the chunk their time falls into."""
    if records < nodes:
        raise SystemExit("--records must be at least --nodes: each node claims once")
    net, left = Network(nodes, seed), records - nodes
    chunks = max(1, -(-left // CHUNK))
    span = (DAY_MS - CLAIMS_MS) / chunks
    per_event = MEAN_RECEPTIONS + BEACON_SHARE
    events = int(left / chunks / per_event) + 1
    waiting = transmissions(np.random.default_rng([seed, 2]), net, 1, CLAIMS_MS, span)
    with open(out, "w", encoding="ascii", buffering=1 << 20) as file:
        file.write(claims(net))
        for chunk in range(chunks):
            rng = np.random.default_rng([seed, 3, chunk])
            end = CLAIMS_MS + (chunk + 1) * span
            last = chunk == chunks - 1
            if last:  # a surplus, of which a random part is dropped so that the count is exact
                events = int(max(left - len(waiting["ts"]), 0) / per_event * 1.3) + 1000
            fresh = transmissions(rng, net, events, end - span, span)
            rows = {key: np.concatenate([waiting[key], fresh[key]]) for key in fresh}
            rows = take(rows, np.flatnonzero(rows["ts"] < DAY_MS))
            ready = np.flatnonzero(rows["ts"] < end)
            waiting = take(rows, np.flatnonzero(rows["ts"] >= end))
            ready = ready[np.argsort(rows["ts"][ready], kind="stable")]
            if last or len(ready) > left:
                ready = ready[np.sort(rng.permutation(len(ready))[:left])]
            file.write(render(net, take(rows, ready)))
            left -= len(ready)
    if left:
        raise SystemExit(f"{left} records short: towns of {nodes} nodes hear too little")


def main():
    parser = argparse.ArgumentParser(description="Write a synthetic wireless contribution log.")
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--nodes", type=int, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    generate(options.records, options.nodes, options.seed, options.out)


if __name__ == "__main__":
    main()
