import ExactMath

/// SplitMix64 (Steele, Lea and Flood 2014): a seeded generator for reproducible property loops.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func integers(_ count: Int, bits: Int) -> [Double] {
    let limit = (1 << bits) - 1
    return (0..<count).map { _ in Double(Int.random(in: -limit...limit, using: &self)) }
  }

  mutating func lattice(_ rows: Int, _ columns: Int, bits: Int) throws -> LatticeMatrix {
    try LatticeMatrix(
      rows: rows, columns: columns, bits: bits, values: integers(rows * columns, bits: bits))
  }
}

/// FNV-1a over the bytes of the bit patterns, least significant byte first.
func fingerprint(_ values: [Double]) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for value in values {
    for byte in 0..<8 {
      hash = (hash ^ (value.bitPattern >> UInt64(8 * byte) & 0xFF)) &* 0x100_0000_01B3
    }
  }
  return hash
}

/// Row-major product of n × n matrices, for checking factorisations.
func product(_ a: [Double], _ b: [Double], _ n: Int) -> [Double] {
  var c = [Double](repeating: 0, count: n * n)
  for i in 0..<n {
    for k in 0..<n {
      for j in 0..<n { c[i * n + j] += a[i * n + k] * b[k * n + j] }
    }
  }
  return c
}

func transpose(_ a: [Double], _ n: Int) -> [Double] {
  (0..<n * n).map { a[$0 % n * n + $0 / n] }
}

func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { max($0, ($1.0 - $1.1).magnitude) }
}

func hilbert(_ n: Int) -> [Double] {
  (0..<n * n).map { 1 / Double($0 / n + $0 % n + 1) }
}

func tridiagonalSecondDifference(_ n: Int) -> [Double] {
  (0..<n * n).map { index in
    let distance = (index / n - index % n).magnitude
    return distance == 0 ? 2 : distance == 1 ? -1 : 0
  }
}
