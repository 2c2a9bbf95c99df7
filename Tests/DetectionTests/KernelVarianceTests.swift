import ExactMath
import Foundation
import Testing

@testable import Detection

struct KernelVarianceTests {
  /// 1 − kᵀ (K + ε I)⁻¹ k, by elimination.
  private func naiveVariance(_ row: [Double], _ landmarks: [[Double]], h: Double) -> Double {
    func kernel(_ a: [Double], _ b: [Double]) -> Double { exp(-squaredDistance(a, b) / h) }
    let matrix = landmarks.indices.map { i in
      landmarks.indices.map { j in
        kernel(landmarks[i], landmarks[j]) + (i == j ? KernelVariance.noise : 0)
      }
    }
    let k = landmarks.map { kernel($0, row) }
    return 1 - zip(k, solve(matrix, k)).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private func naiveBandwidth(_ landmarks: [[Double]]) -> Double {
    let squares = landmarks.indices.flatMap { i in
      landmarks.indices.filter { $0 != i }.map { squaredDistance(landmarks[i], landmarks[$0]) }
    }
    let positive = squares.filter { $0 > 0 }.sorted()
    return positive[positive.count / 2]
  }

  private func fit(_ landmarks: [[Double]]) async throws -> KernelVariance {
    try await KernelVariance(landmarks: try lattice(landmarks, bits: Lattice.bits), tasks: 1)
  }

  private func score(
    _ kernel: KernelVariance, _ rows: [[Double]], excluding: [Int]? = nil
  ) async throws -> [Double] {
    try await kernel.score(
      try lattice(rows, bits: Lattice.bits), excluding: excluding, tasks: 1)
  }

  @Test(arguments: [(2, 1), (5, 2), (12, 3), (30, 8)])
  func `variances agree with elimination`(count: Int, columns: Int) async throws {
    var generator = SplitMix64(seed: UInt64(count))
    let landmarks = generator.correlatedLattice(count, columns)
    let kernel = try await fit(landmarks)
    let bandwidth = naiveBandwidth(landmarks)
    #expect(kernel.bandwidth == bandwidth)
    let rows = generator.correlatedLattice(20, columns, spread: 1500)
    // k is rounded to 2⁻¹⁷, and L⁻¹ stretches that by 1/√ε at most.
    let rounding = 20 * Double(count).squareRoot() * 0x1p-17 + 1e-5
    for (row, found) in zip(rows, try await score(kernel, rows)) {
      #expect(abs(found - naiveVariance(row, landmarks, h: bandwidth)) < rounding)
    }
  }

  @Test func `a landmark's own variance is that of a fit without it`() async throws {
    var generator = SplitMix64(seed: 4)
    let landmarks = generator.correlatedLattice(25, 3)
    let kernel = try await fit(landmarks)
    for left in landmarks.indices {
      let others = landmarks.indices.filter { $0 != left }.map { landmarks[$0] }
      let expected = naiveVariance(landmarks[left], others, h: kernel.bandwidth)
      // To the 2⁻²⁰ that variances are rounded to.
      #expect(abs(kernel.leftOut[left] - expected) < 1e-6)
    }
    let found = try await score(kernel, landmarks, excluding: Array(landmarks.indices))
    #expect(found == kernel.leftOut)
  }

  @Test func `rows that are no landmarks, or lie beyond them, are scored as they are`() async throws
  {
    var generator = SplitMix64(seed: 5)
    let landmarks = generator.correlatedLattice(10, 2)
    let kernel = try await fit(landmarks)
    let rows = generator.correlatedLattice(4, 2)
    let plain = try await score(kernel, rows)
    #expect(
      try await score(kernel, rows, excluding: [-1, 10, 511, 3]).prefix(3) == plain.prefix(3))
    #expect(try await score(kernel, rows, excluding: [-1, 10, 511, 3])[3] == kernel.leftOut[3])
  }

  @Test func `it lies between zero at a dense place and one far from everything`() async throws {
    var generator = SplitMix64(seed: 6)
    let landmarks = generator.correlatedLattice(40, 2, spread: 500)
    let kernel = try await fit(landmarks)
    let ends = try await score(kernel, [[0, 0], [1_000_000, 0], [-1_048_575, 1_048_575]])
    #expect(ends[0] < 0.05 && ends[1] == 1 && ends[2] == 1)
    let line = try await score(kernel, (0...40).map { [Double($0) * 250, 0] })
    #expect(line.allSatisfy { (0...1).contains($0) })
    // At a landmark it is at most what the noise leaves.
    for value in try await score(kernel, landmarks) { #expect(value < 0.011) }
  }

  @Test func `repeated landmarks, and landmarks that are all one, are no trouble`() async throws {
    var generator = SplitMix64(seed: 7)
    let rows = generator.correlatedLattice(8, 2)
    let repeated = try await fit(rows + rows + rows)
    #expect(repeated.leftOut.allSatisfy { (0..<0.01).contains($0) })
    let one = try await fit(Array(repeating: [5, 5], count: 20))
    #expect(one.bandwidth == 1)
    let scores = try await score(one, [[5, 5], [6, 5], [900, 5]])
    #expect(scores[0] < 0.001 && scores[1] > scores[0] && scores[2] == 1)
  }

  @Test
  func `equal landmarks have equal variances without themselves`() async throws {
    for count in [3, 20, 50] {
      let one = try await fit(Array(repeating: [5, 5], count: count))
      #expect(Set(one.leftOut).count == 1)
    }
  }

  @Test func `any number of tasks gives the same bits`() async throws {
    var generator = SplitMix64(seed: 8)
    let landmarks = try lattice(generator.correlatedLattice(30, 2), bits: Lattice.bits)
    let rows = try lattice(generator.correlatedLattice(600, 2), bits: Lattice.bits)
    let one = try await KernelVariance(landmarks: landmarks, tasks: 1)
    let scores = try await one.score(rows, excluding: nil, tasks: 1)
    for tasks in [2, 7] {
      #expect(try await KernelVariance(landmarks: landmarks, tasks: tasks) == one)
      #expect(try await one.score(rows, excluding: nil, tasks: tasks) == scores)
    }
  }
}
