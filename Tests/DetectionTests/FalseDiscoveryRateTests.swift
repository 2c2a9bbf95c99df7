import Detection
import Testing

struct FalseDiscoveryRateTests {
  private let billion: Int64 = 1_000_000_000

  private func benjaminiHochberg(_ p: [Int64]) -> [Int64] {
    FalseDiscoveryRate.qValues(p, .benjaminiHochberg)
  }

  private func benjaminiYekutieli(_ p: [Int64]) -> [Int64] {
    FalseDiscoveryRate.qValues(p, .benjaminiYekutieli)
  }

  /// Straight from the definition: for each row, the smallest ⌈n p / k⌉ over the p that are as large.
  private func naive(_ p: [Int64]) -> [Int64] {
    let n = Int64(p.count)
    return p.map { own in
      p.filter { $0 >= own }.map { other in
        let rank = Int64(p.count { $0 <= other })
        return min((n * other + rank - 1) / rank, billion)
      }.min() ?? billion
    }
  }

  @Test func `agrees with the definition on every small vector`() {
    let values: [Int64] = [0, 1, 7, 333_333_334, billion]
    for length in 0...4 {
      var count = 1
      for _ in 0..<length { count *= values.count }
      for code in 0..<count {
        var rest = code
        let p = (0..<length).map { _ in
          defer { rest /= values.count }
          return values[rest % values.count]
        }
        #expect(benjaminiHochberg(p) == naive(p))
      }
    }
  }

  @Test(arguments: FalseDiscoveryRate.Method.allCases)
  func `q does not depend on the order, grows with p, and lies between p and one`(
    method: FalseDiscoveryRate.Method
  ) {
    var generator = SplitMix64(seed: 6)
    for length in [1, 2, 10, 120] {
      for steps: Int64 in [3, 50, billion] {
        let p = (0..<length).map { _ in
          Int64.random(in: 1...steps, using: &generator) * (billion / steps)
        }
        let q = FalseDiscoveryRate.qValues(p, method)
        if method == .benjaminiHochberg { #expect(q == naive(p)) }
        let places = Array(p.indices).shuffled(using: &generator)
        let shuffled = FalseDiscoveryRate.qValues(places.map { p[$0] }, method)
        #expect(shuffled == places.map { q[$0] })
        let order = p.indices.sorted { p[$0] < p[$1] }
        for (left, right) in zip(order, order.dropFirst()) {
          #expect(p[left] < p[right] ? q[left] <= q[right] : q[left] == q[right])
        }
        #expect(zip(p, q).allSatisfy { $0 <= $1 && $1 <= billion })
      }
    }
  }

  private struct Golden {
    let p: [Int64]
    /// × 10⁹, from scipy 1.17.1, `stats.false_discovery_control`.
    let bh: [Double]
    let by: [Double]
  }

  private static let goldens = [
    Golden(
      p: [
        100_000, 400_000, 1_900_000, 9_500_000, 20_100_000, 27_800_000, 29_800_000, 34_400_000,
        45_900_000, 324_000_000, 426_200_000, 571_900_000, 652_800_000, 759_000_000,
        1_000_000_000,
      ],
      bh: [
        1500000.0, 3000000.0, 9500000.0, 35625000.0, 60300000.0, 63857142.8571, 63857142.8571,
        64500000.0, 76500000.0, 486000000.0, 581181818.1818, 714875000.0, 753230769.2308,
        813214285.7143, 1000000000.0,
      ],
      by: [
        4977343.4898, 9954686.9797, 31523175.4357, 118211907.8838, 200089208.2917,
        211892622.8533, 211892622.8533, 214025770.0633, 253844517.982, 1000000000.0,
        1000000000.0, 1000000000.0, 1000000000.0, 1000000000.0, 1000000000.0,
      ]),
    Golden(
      p: [
        19_607_844, 19_607_844, 39_215_687, 980_392_157, 7, 500_000_000, 500_000_000,
      ],
      bh: [
        45751636.0, 45751636.0, 68627452.25, 980392157.0, 49.0, 583333333.3333, 583333333.3333,
      ],
      by: [
        118627456.2, 118627456.2, 177941179.7625, 1000000000.0, 127.05, 1000000000.0,
        1000000000.0,
      ]),
    Golden(
      p: [
        3, 1, 1_000_000, 2,
      ],
      bh: [
        4.0, 4.0, 1000000.0, 4.0,
      ],
      by: [
        8.3333, 8.3333, 2083333.3333, 8.3333,
      ]),
  ]

  @Test func `agrees with scipy, rounded up`() {
    for golden in Self.goldens {
      let pairs = [
        (benjaminiHochberg(golden.p), golden.bh, 0.0),
        // The harmonic number is rounded up too: by less than n × 10⁻⁹.
        (benjaminiYekutieli(golden.p), golden.by, 1e-9 * Double(golden.p.count)),
      ]
      for (found, expected, relative) in pairs {
        for (q, exact) in zip(found, expected) {
          #expect(Double(q) >= exact - 1e-3)
          #expect(Double(q) < exact * (1 + relative) + 1 + 1e-3)
        }
      }
    }
  }

  @Test func `the weaker assumption costs the harmonic number`() {
    var generator = SplitMix64(seed: 7)
    for length in [1, 2, 3, 50, 400] {
      let harmonic = (1...length).reduce(0) { $0 + 1 / Double($1) }
      let p = (0..<length).map { _ in Int64.random(in: 1...50_000_000, using: &generator) }
      for (strong, weak) in zip(benjaminiHochberg(p), benjaminiYekutieli(p)) {
        let expected = min(Double(strong) * harmonic, 1e9)
        #expect(Double(weak) <= expected * (1 + 1e-9 * Double(length)) + 1)
        #expect(Double(weak) >= min((Double(strong) - 1) * harmonic, 1e9))
      }
    }
  }

  @Test(arguments: FalseDiscoveryRate.Method.allCases)
  func `a hundred thousand rows do not overflow`(method: FalseDiscoveryRate.Method) {
    let count = 100_000
    let all = FalseDiscoveryRate.qValues(Array(repeating: billion, count: count), method)
    #expect(all.allSatisfy { $0 == billion })
    let one = FalseDiscoveryRate.qValues([100] + Array(repeating: billion, count: count), method)
    // 100 × 100,001, and times the harmonic number, 12.090156…, whose terms are rounded up.
    let expected = method == .benjaminiHochberg ? 10_000_100 : 120_902_771
    #expect((0...1_000).contains(Int(one[0]) - expected))
    #expect(one[1...].allSatisfy { $0 == billion })
  }

  /// Benjamini & Hochberg 1995, section 3.2: fifteen p-values of a trial of thrombolysis; at 0.05
  /// their procedure rejects four where Bonferroni's rejects three.
  @Test func `rejects the four hypotheses of the published example`() {
    let p = Self.goldens[0].p
    let q = benjaminiHochberg(p)
    #expect(q.count { $0 <= 50_000_000 } == 4)
    #expect(q[3] == 35_625_000)
    #expect(q[4] == 60_300_000)
  }

  @Test(arguments: FalseDiscoveryRate.Method.allCases)
  func `one row's q is its p, and none is none`(method: FalseDiscoveryRate.Method) {
    #expect(FalseDiscoveryRate.qValues([10_000_000], method) == [10_000_000])
    #expect(FalseDiscoveryRate.qValues([], method) == [])
  }
}
