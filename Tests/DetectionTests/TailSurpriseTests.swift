import Foundation
import Testing

@testable import Detection

struct TailSurpriseTests {
  @Test func `at a reference score it is the share that scores as high`() {
    var generator = SplitMix64(seed: 1)
    for count in [1, 2, 5, 40] {
      let reference = (0..<count).map { _ in Double.random(in: 1..<2, using: &generator) }
      let surprise = TailSurprise(reference: reference)
      for score in reference {
        let share = Double(1 + reference.count { $0 >= score }) / Double(1 + count)
        #expect(abs(surprise(score) + log(share)) < 1e-12)
      }
    }
  }

  @Test func `rows that tie are all as ordinary as their number`() {
    let surprise = TailSurprise(reference: [1, 1, 1, 5, 5, 5, 5, 5, 5])
    #expect(surprise(1) == 0)
    #expect(abs(surprise(5) + log(0.7)) < 1e-12)
    #expect(TailSurprise(reference: [3, 3, 3])(3) == 0)
  }

  @Test func `it is monotone, never negative, and continuous at reference scores`() {
    var generator = SplitMix64(seed: 2)
    for count in [1, 2, 3, 10, 200] {
      let reference = (0..<count).map { _ in exp(generator.normal()) }
      let surprise = TailSurprise(reference: reference)
      let sweep = stride(from: 0.0, through: 40, by: 0.01).map { surprise($0) }
      #expect(sweep.allSatisfy { $0 >= 0 })
      #expect(zip(sweep, sweep.dropFirst()).allSatisfy { $0 <= $1 })
      for score in reference {
        #expect(abs(surprise(score.nextUp) - surprise(score)) < 1e-6)
        #expect(abs(surprise(score.nextDown) - surprise(score)) < 1e-6)
      }
    }
  }

  @Test func `beyond the largest it goes on at the tail's own rate`() {
    // Quantiles of −ln(1 − u): an exponential tail of rate 1, whose surprise is the score itself.
    let reference = (0..<5000).map { -log(1 - (Double($0) + 0.5) / 5000) }
    let surprise = TailSurprise(reference: reference)
    #expect(abs(surprise(20) - surprise(15) - 5) < 0.5)
    #expect(abs(surprise(3) - 3) < 0.01)
    #expect(abs(surprise(20) - 20) < 2)
  }

  @Test func `with a power tail distance counts by its logarithm`() {
    let reference = (0..<5000).map { -log(1 - (Double($0) + 0.5) / 5000) }
    let power = TailSurprise(reference: reference, tail: .power)
    let exponential = TailSurprise(reference: reference)
    #expect(power(3) == exponential(3))
    let last = exponential(reference[4999])
    for score in [10.0, 20, 400] {
      #expect(abs(power(score) - log(2500.5) - log(1 + exponential(score) - log(2500.5))) < 1e-9)
      #expect(power(score) > last && power(score) < exponential(score))
    }
  }

  @Test func `no reference, no surprise`() {
    #expect(TailSurprise(reference: [])(7) == 0)
    #expect(TailSurprise(reference: [1, 2])(.nan) == 0)
  }
}
