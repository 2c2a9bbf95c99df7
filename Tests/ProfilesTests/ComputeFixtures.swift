import Contributions
import Profiles
import TestRecords

/// One host's records, written row by row.
struct ComputeHost {
  typealias Fields = RecordLog.Fields

  private var log = RecordLog(.compute)

  mutating func add(_ kind: String, minute: Double, _ fields: RecordLog.Fields) {
    log.add(kind, at: 1_700_006_400_000 + Int64(minute * 60_000), fields)
  }

  var records: NodeRecords { log.records(of: "host") }

  mutating func shuffle(seed: UInt64) {
    var random = ComputeRandom(state: seed)
    log.shuffle(using: &random)
  }

  var profile: NodeProfile { Profile.compute.profile(records) }

  /// Codes of the findings with at least their minimum of occurrences.
  var codes: Set<String> {
    Set(profile.findings.filter(\.isEstablished).map(\.reason.code))
  }

  /// Those among them that reject or hold.
  var serious: Set<String> {
    let findings = profile.findings.filter { $0.isEstablished && $0.reason.severity >= .medium }
    return Set(findings.map(\.reason.code))
  }

  func feature(_ name: String) -> Double {
    Profile.compute.features.firstIndex { $0.name == name }.map { profile.features[$0] } ?? .nan
  }
}

/// SplitMix64, for reproducible noise.
struct ComputeRandom: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// About normal, mean 0, deviation 1: twelve uniform values less six.
  mutating func noise() -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &self) }
  }

  mutating func rounded(_ mean: Double, _ deviation: Double, digits: Double) -> RecordCell {
    .number(((mean + deviation * noise()) * digits).rounded() / digits)
  }
}

// MARK: - Hosts

extension ComputeHost {
  /// A claim, and `sweeps` hourly inventories of `count` devices.
  init(
    claim: Fields, device: Fields, count: Int = 1, sweeps: Int = 3, identities: Bool = true
  ) {
    add("claim", minute: 0, claim)
    for sweep in 0..<sweeps {
      for index in 0..<count {
        var fields = device
        fields["device_index"] = .number(Double(index))
        if identities { fields["gpu_uuid"] = "GPU-5c2f8e1a-\(index)d04-4b6e" }
        add("inventory", minute: Double(60 * sweep + 5) + Double(index) / 1000, fields)
      }
    }
  }

  /// Two working RTX 3090 with records of every kind.
  static func honest(seed: UInt64 = 1) -> ComputeHost {
    var random = ComputeRandom(state: seed)
    var host = ComputeHost(
      claim: [
        "gpu_model": "NVIDIA GeForce RTX 3090", "gpu_count": 2, "vram_mb": 24576, "cpu_cores": 16,
      ],
      device: [
        "gpu_name": "NVIDIA GeForce RTX 3090", "vram_mb": 24_268, "compute_cap": 8.6,
        "sm_count": 82, "power_limit_w": 350, "clock_mhz": 1725,
      ], count: 2)
    for hour in 0..<24 {
      for device in 0..<(hour % 2 + 1) {
        host.add(
          "benchmark", minute: Double(hour) * 60 + 20 + Double(device) / 100,
          [
            "bench": "matmul", "device_index": .number(Double(device)),
            "value": random.rounded(68, 0.9, digits: 100),
            "elapsed_ms": random.rounded(30_000, 400, digits: 1), "nonce": "n\(hour)",
            "result_hash": "r\(hour)",
          ])
      }
    }
    host.addJobs(&random)
    host.addState(&random)
    return host
  }

  private mutating func addJobs(_ random: inout ComputeRandom) {
    for job in 0..<80 {
      add(
        "job", minute: Double(job) * 17,
        [
          "job_id": "job\(job)", "organic": .flag(job % 4 != 0), "agreed": .flag(job != 41),
          "elapsed_ms": random.rounded(600_000, 20_000, digits: 1), "expected_ms": 600_000,
          "cpu_ms": random.rounded(90_000, 9000, digits: 1),
        ])
    }
  }

  private mutating func addState(_ random: inout ComputeRandom) {
    for sample in 0..<96 {
      for device in 0..<2 {
        let load = sample % 3 == 0 ? 8.0 : 96.0
        add(
          "telemetry", minute: Double(sample) * 15 + Double(device) / 100,
          [
            "device_index": .number(Double(device)), "util_pct": .number(load),
            "mem_used_mb": .number(load > 50 ? 21_000 : 900),
            "power_w": random.rounded(30 + 3 * load, 6, digits: 10),
            "temp_c": random.rounded(38 + 0.3 * load, 1, digits: 1),
            "sm_clock_mhz": random.rounded(load > 50 ? 1740 : 1400, 15, digits: 1),
          ])
      }
      add(
        "network", minute: Double(sample) * 15 + 1,
        [
          "rtt_ms": random.rounded(24, 1.5, digits: 10), "egress": "net1", "advertised": "net1",
        ])
    }
  }
}
