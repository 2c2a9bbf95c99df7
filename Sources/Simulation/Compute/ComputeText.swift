import ExactMath

/// Texts and hashes that follow from a number: equal numbers, equal texts, on every machine.
enum WorkHash {
  /// Joins two numbers into one that changes with every bit of either (SplitMix64's finaliser).
  static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    var z = (left ^ (right &* 0xD1B5_4A32_D192_ED03)) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// `count` lower-case hexadecimal digits that depend on `key` alone.
  static func hex(_ key: UInt64, _ count: Int) -> String {
    text(key, count, bitsEach: 4) { $0 < 10 ? 48 + $0 : 87 + $0 }
  }

  /// `count` upper-case hexadecimal digits.
  static func upperHex(_ key: UInt64, _ count: Int) -> String {
    text(key, count, bitsEach: 4) { $0 < 10 ? 48 + $0 : 55 + $0 }
  }

  /// `count` characters of RFC 4648's base 32 in lower case, as in content identifiers.
  static func base32(_ key: UInt64, _ count: Int) -> String {
    text(key, count, bitsEach: 5) { $0 < 26 ? 97 + $0 : 24 + $0 }
  }

  /// A GPU's identity as NVIDIA's driver prints it.
  static func gpuUUID(_ key: UInt64) -> String {
    let digits = Array(hex(key, 32).utf8)
    var text = "GPU-"
    for (start, end) in [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)] {
      if start > 0 { text += "-" }
      text += String(decoding: digits[start..<end], as: UTF8.self)
    }
    return text
  }

  private static func text(
    _ key: UInt64, _ count: Int, bitsEach: UInt64, _ character: (UInt8) -> UInt8
  ) -> String {
    String(unsafeUninitializedCapacity: count) { buffer in
      var word = mix(key, 1)
      var left: UInt64 = 60
      var next: UInt64 = 2
      for index in 0..<count {
        if left < bitsEach {
          word = mix(key, next)
          next += 1
          left = 60
        }
        buffer[index] = character(UInt8(truncatingIfNeeded: word & ((1 << bitsEach) - 1)))
        word >>= bitsEach
        left -= bitsEach
      }
      return count
    }
  }
}

extension RandomStream {
  /// A value of the distribution whose quantiles are given, straight between them.
  ///
  /// - Parameter points: (share below, value), ascending, from share 0 to share 1.
  mutating func drawn(between points: [(share: Double, value: Double)]) -> Double {
    let share = uniform()
    var low = points[0]
    for high in points.dropFirst() {
      if share < high.share {
        return low.value + (high.value - low.value) * (share - low.share) / (high.share - low.share)
      }
      low = high
    }
    return low.value
  }

  /// An index drawn with the given weights.
  mutating func drawn(by weights: [Double]) -> Int {
    var rest = uniform() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      if rest < weight { return index }
      rest -= weight
    }
    return weights.count - 1
  }
}
