import Foundation
import Profiles
import Testing

@testable import Verdicts

struct StrangenessTests {
  @Test func `the more a finding can move the verdict, the more it weighs`() {
    #expect(finding(.spoof, .high).strangeness == 24)
    #expect(finding(.spoof, .medium).strangeness == 12)
    #expect(finding(.spoof, .low).strangeness == 1)
    for severity in Severity.allCases {
      for reasonClass in [ReasonClass.fault, .verifier, .evidence] {
        #expect(finding(reasonClass, severity, occurrences: 1000).strangeness == 1)
      }
    }
  }

  @Test func `oftener is more, by the logarithm`() {
    let often = finding(.spoof, .medium, occurrences: 30).strangeness
    #expect(abs(often - 12 - log(10)) < 1e-12)
    #expect(finding(.spoof, .medium, occurrences: 1000).strangeness < 24)
  }

  @Test func `below its minimum a finding weighs its share of one`() {
    #expect(finding(.spoof, .high, occurrences: 2, minimum: 4).strangeness == 0.5)
    #expect(finding(.fault, .high, occurrences: 1, minimum: 4).strangeness == 0.25)
    #expect(finding(.spoof, .high, occurrences: 0).strangeness == 0)
  }

  @Test func `a minimum of nothing is no infinity`() {
    #expect(finding(.spoof, .high, occurrences: 0, minimum: 0).strangeness == 24)
    #expect(finding(.spoof, .high, occurrences: 1, minimum: 0).strangeness == 24)
  }

  @Test(arguments: [
    (0.0, 0), (1.5, 1_500_000), (-1.5, -1_500_000), (0.000_000_5, 1), (-0.000_000_5, -1),
    (0.000_000_49, 0), (.nan, 0), (.infinity, 9_007_199_254_740_991),
    (-.infinity, -9_007_199_254_740_991), (1e300, 9_007_199_254_740_991),
    (9_007_199_254.740_990, 9_007_199_254_740_990), (1e10, 9_007_199_254_740_991),
  ])
  func `micro rounds halves away from zero, clamps, and has no NaN`(value: Double, micro: Int64) {
    #expect(Micro.of(value) == micro)
  }
}
