import Detection
import Testing

struct FalseDiscoveryRateTests {
  private let billion: Int64 = 1_000_000_000

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
        #expect(FalseDiscoveryRate.benjaminiHochberg(p) == naive(p))
      }
    }
  }

  @Test func `agrees with the definition on random vectors, with and without ties`() {
    var generator = SplitMix64(seed: 6)
    for length in [1, 2, 10, 120] {
      for steps: Int64 in [3, 50, billion] {
        let p = (0..<length).map { _ in
          Int64.random(in: 1...steps, using: &generator) * (billion / steps)
        }
        let q = FalseDiscoveryRate.benjaminiHochberg(p)
        #expect(q == naive(p))
        let places = Array(p.indices).shuffled(using: &generator)
        #expect(FalseDiscoveryRate.benjaminiHochberg(places.map { p[$0] }) == places.map { q[$0] })
        for (left, right) in zip(places, places.dropFirst()) {
          #expect(p[left] < p[right] ? q[left] <= q[right] : q[left] >= q[right])
          if p[left] == p[right] { #expect(q[left] == q[right]) }
        }
        #expect(zip(p, q).allSatisfy { $0 <= $1 && $1 <= billion })
      }
    }
  }

  /// Benjamini & Hochberg 1995, section 3.2: fifteen p-values of a trial of thrombolysis; at 0.05
  /// their procedure rejects four where Bonferroni's rejects three.
  @Test func `rejects the four hypotheses of the published example`() {
    let p: [Int64] = [
      100_000, 400_000, 1_900_000, 9_500_000, 20_100_000, 27_800_000, 29_800_000, 34_400_000,
      45_900_000, 324_000_000, 426_200_000, 571_900_000, 652_800_000, 759_000_000, billion,
    ]
    let q = FalseDiscoveryRate.benjaminiHochberg(p)
    #expect(q.count { $0 <= 50_000_000 } == 4)
    #expect(q[3] == 35_625_000)
    #expect(q[4] == 60_300_000)
  }

  @Test func `one row's q is its p, and none is none`() {
    #expect(FalseDiscoveryRate.benjaminiHochberg([10_000_000]) == [10_000_000])
    #expect(FalseDiscoveryRate.benjaminiHochberg([]) == [])
  }
}
