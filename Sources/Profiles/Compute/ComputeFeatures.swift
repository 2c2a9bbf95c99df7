import ExactMath

/// Features of the profile `compute`, by subject.
enum ComputeFeatures {
  typealias Item = Feature<ComputeEvidence>

  /// The driver's figures against the claim.
  static let hardware: [Item] = [
    Item(
      "vram_ratio", unit: "log2", resolution: 0.01, side: .both, attacks: ["C1", "C3"],
      text: "Memory the driver reports over that of the claimed model's nearest variant."
    ) { $0.inventoryRatio(\.memory, to: \.memory) },
    Item(
      "vram_claim_ratio", unit: "log2", resolution: 0.01, side: .low, attacks: ["C3", "C7"],
      text: "Memory the driver reports over the memory claimed."
    ) { $0.memoryAgainstClaim },
    Item(
      "capability_gap", resolution: 0.1, side: .high, attacks: ["C1"],
      text: "Distance of the driver's compute capability from the claimed model's."
    ) { $0.capabilityGap },
    Item(
      "sm_ratio", unit: "log2", resolution: 0.01, side: .both, attacks: ["C1", "C3"],
      text: "Multiprocessors the driver reports over those of the claimed model."
    ) { $0.inventoryRatio(\.multiprocessors, to: \.multiprocessors) },
    Item(
      "power_limit_ratio", unit: "log2", resolution: 0.05, side: .both, attacks: ["C1"],
      text: "Power limit the driver reports over the claimed model's."
    ) { $0.inventoryRatio(\.powerLimit, to: \.boardPower) },
    Item(
      "clock_ratio", unit: "log2", resolution: 0.02, side: .both, attacks: ["C1"],
      text: "Graphics clock the driver reports over the claimed model's boost clock."
    ) { $0.inventoryRatio(\.clock, to: \.boostClock) },
    Item(
      "other_name_share", resolution: 0.01, side: .high, attacks: ["C1"],
      text: "Share of inventories in which the driver names another product than the claim."
    ) { $0.otherNameShare },
    Item(
      "device_count_ratio", resolution: 0.01, side: .low, attacks: ["C2"],
      text: "Devices seen in inventories over devices claimed."
    ) { evidence in
      guard let count = evidence.claims.current?.count, count > 0 else { return .nan }
      let devices = evidence.inventory.deviceCount
      return devices == 0 ? .nan : Double(devices) / count
    },
    Item(
      "claim_changes", resolution: 1, side: .high, attacks: ["C1"],
      text: "How often the claim changed within the epoch."
    ) { $0.claims.all.isEmpty ? .nan : Double($0.claims.changes) },
  ]

  /// What the machine measures about itself while it works, and how it reaches the network.
  static let operation: [Item] = [
    Item(
      "power_load_correlation", resolution: 0.02, side: .low, attacks: ["C9", "C11"],
      text: "Correlation of power with utilisation; a working card draws power."
    ) { $0.telemetry.median { Statistics.correlation($0.utilisation, $0.power) } },
    Item(
      "twin_noise", resolution: 0.02, side: .high, attacks: ["C2"],
      text: "Correlation of the noise in two devices' power, of the pair most alike."
    ) { $0.telemetry.closestTwins?.correlation ?? .nan },
    Item(
      "temperature_power_correlation", resolution: 0.02, side: .low, attacks: ["C9"],
      text: "Correlation of temperature with power; power becomes heat."
    ) { $0.telemetry.median { Statistics.correlation($0.power, $0.temperature) } },
    Item(
      "power_at_load", resolution: 0.02, side: .both, attacks: ["C1", "C9"],
      text: "Median power at 90 % utilisation or more over the claimed model's board power."
    ) { evidence in
      let board = evidence.leastBoardPower
      return evidence.telemetry.median { Statistics.median($0.powerAtLoad()) } / board
    },
    Item(
      "clock_at_load", resolution: 0.02, side: .both, attacks: ["C1"],
      text: "Median clock at 50 % utilisation or more over the claimed model's boost clock."
    ) { evidence in
      let boost = evidence.leastBoostClock
      return evidence.telemetry.median { device in
        Statistics.median(
          zip(device.utilisation, device.clock).map { $0 >= 50 && $1 > 0 ? $1 : .nan })
      } / boost
    },
    Item(
      "memory_peak", resolution: 0.01, side: .both, attacks: ["C1", "C3"],
      text: "Most memory ever in use over the memory claimed."
    ) { evidence in
      let claimed = evidence.claims.current?.memory ?? .nan
      let peaks = evidence.telemetry.devices.map { Statistics.sorted($0.memory).last ?? .nan }
      return claimed > 0 ? (Statistics.sorted(peaks).last ?? .nan) / claimed : .nan
    },
    Item(
      "constant_telemetry", resolution: 0.01, side: .high, attacks: ["C1", "C9"],
      text: "Share of telemetry series that never change."
    ) { $0.telemetry.constantShare },
    Item(
      "rtt_floor", unit: "log2 ms", resolution: 0.1, side: .both, attacks: ["C6"],
      text: "Round-trip time that one in twenty measurements stays under."
    ) { evidence in
      let floor = Quantile.of(evidence.network.roundTrips, 0.05)
      return floor > 0 ? Statistics.log2(floor) : .nan
    },
    Item(
      "rtt_bimodality", resolution: 0.1, side: .high, attacks: ["C6"],
      text: "How far round-trip times fall in two groups (Ashman's D of their logarithms)."
    ) { $0.network.bimodality },
    Item(
      "egress_elsewhere", resolution: 0.01, side: .high, attacks: ["C6"],
      text: "Share of measurements that leave from another network than the one advertised."
    ) { $0.network.elsewhereShare },
  ]
}
