import Foundation
import Testing

@testable import Ingestion

/// Numbers in tables, to the last bit.
@Suite struct TableNumberTests {
  private func numbers(_ texts: [String]) throws -> [Double] {
    try table("a\n" + texts.joined(separator: "\n") + "\n").values
  }

  /// Decimal text that readers are known to have rounded wrongly or hung on: halves between doubles
  /// (IEEE 754-2019, 5.12), the least normal and denormal numbers (PHP bug 53632, Java bug
  /// 4421494), and David M. Gay's 9007199254740993.
  private let hard: [(String, UInt64)] = [
    ("2.2250738585072011e-308", 0x000F_FFFF_FFFF_FFFF),
    ("2.2250738585072012e-308", 0x0010_0000_0000_0000),
    ("2.2250738585072014e-308", 0x0010_0000_0000_0000),
    ("4.9406564584124654e-324", 1), ("5e-324", 1), ("2.5e-324", 1),
    ("2.4703282292062327e-324", 0), ("2.4703282292062328e-324", 1), ("2.4e-324", 0),
    ("-1e-400", 0x8000_0000_0000_0000), ("1e-99999999999999999999", 0),
    ("1.7976931348623157e308", 0x7FEF_FFFF_FFFF_FFFF),
    ("1.7976931348623158e308", 0x7FEF_FFFF_FFFF_FFFF),
    ("9007199254740993", 0x4340_0000_0000_0000), ("9007199254740993.00001", 0x4340_0000_0000_0001),
    ("1.00000000000000011102230246251565", 0x3FF0_0000_0000_0000),
    ("1.00000000000000011102230246251566", 0x3FF0_0000_0000_0001),
    ("0e999", 0), ("-0", 0x8000_0000_0000_0000), ("-0.0e0", 0x8000_0000_0000_0000),
    ("+1", 0x3FF0_0000_0000_0000), ("1.", 0x3FF0_0000_0000_0000), ("0001", 0x3FF0_0000_0000_0000),
    (".5", 0x3FE0_0000_0000_0000), ("5E-1", 0x3FE0_0000_0000_0000),
    ("-.5e+0", 0xBFE0_0000_0000_0000),
    ("18446744073709551616", 0x43F0_0000_0000_0000), ("1e23", 0x44B5_2D02_C7E1_4AF6),
    ("1e300", 0x7E37_E43C_8800_759C),
  ]

  @Test func hardCasesRoundToTheNearestDouble() throws {
    let found = try numbers(hard.map(\.0))
    for (number, (text, bits)) in zip(found, hard) {
      #expect(number.bitPattern == bits, "\(text)")
      #expect(strtod(text, nil).bitPattern == bits, "\(text)")
    }
  }

  @Test func seventeenDigitsComeBackExactly() throws {
    var random = SplitMix64(seed: 1)
    var doubles: [Double] = []
    while doubles.count < 20_000 {
      let number = Double(bitPattern: random.next())
      // Every other one in the range of ordinary measurements.
      let usual = Double.random(in: -1000...1000, using: &random)
      doubles += number.isFinite ? [number, usual] : [usual]
    }
    let exact = doubles.map { String(format: "%.17g", $0) }
    let short = doubles.map { "\($0)" }
    #expect(try numbers(exact).map(\.bitPattern) == doubles.map(\.bitPattern))
    #expect(try numbers(short).map(\.bitPattern) == doubles.map(\.bitPattern))
    let json = exact.map { "{\"a\":\($0)}\n" }.joined()
    #expect(try table(json, name: "t.ndjson").bits == doubles.map(\.bitPattern))
  }

  @Test func randomDecimalsAgreeWithTheCLibrary() throws {
    var random = SplitMix64(seed: 2)
    let texts = (0..<10_000).map { _ in
      let digits = (0..<Int.random(in: 1...40, using: &random)).map { _ in
        String(Int.random(in: 0...9, using: &random))
      }
      let point = Int.random(in: 0...digits.count, using: &random)
      let exponent = Int.random(in: -340...260, using: &random)
      return (Bool.random(using: &random) ? "-" : "") + digits[..<point].joined() + "."
        + digits[point...].joined() + "e\(exponent)"
    }
    #expect(try numbers(texts).map(\.bitPattern) == texts.map { strtod($0, nil).bitPattern })
  }

  @Test func aNumberMayHaveAMillionDigits() throws {
    let digits = String(repeating: "3", count: 1_000_000)
    #expect(try numbers(["0.\(digits)", "1", "\(digits)e-1000000"]) == [1.0 / 3, 1, 1.0 / 3])
    #expect(problem("a\n\(digits)\n")?.problem == .infinite(column: "a"))
    let zeros = String(repeating: "0", count: 1_000_000)
    #expect(try numbers(["1\(zeros)e-1000000", "0.\(zeros)1e1000000"]) == [1, 0.1])
  }
}
