import Contributions
import ExactMath

/// What a station claims: the last values, and how the position changed.
package struct EnvironmentClaims: Sendable {
  package let position: Position?
  /// Metres above the sea; NaN where not claimed.
  package let elevation: Double
  package let model: String?
  package let owner: String?
  /// Changes of the claimed position by more than 100 m within the epoch.
  let moves: Int

  init(_ table: RecordTable) {
    let latitudes = table.numbers("lat")
    let longitudes = table.numbers("lon")
    let places = latitudes.indices.compactMap { Position(latitudes[$0], longitudes[$0]) }
    position = places.last
    moves = zip(places, places.dropFirst()).count { $0 != $1 && $0.distance(to: $1) > 100 }
    elevation = table.lastNumber("elevation_m") ?? .nan
    model = table.lastText("model")
    owner = table.lastText("owner")
  }

  /// Pressure of the standard atmosphere at the claimed elevation, hPa:
  /// 1013.25 (1 − 2.25577·10⁻⁵ h)^5.25588 (ICAO Doc 7488); NaN where no elevation is claimed.
  var standardPressure: Double {
    let base = 1 - 2.25577e-5 * elevation
    return base > 0 ? 1013.25 * Portable.exp(5.25588 * Portable.log(base)) : .nan
  }

  /// Power in W that the model's name states, such as 5000 for `PV 5 kWp`; NaN where it states none.
  /// Battery names state energy in kWh, which is not taken for power.
  var ratedPower: Double {
    guard let model else { return .nan }
    let text = Array(model.lowercased().utf8)
    var best = Double.nan
    var index = 0
    while index < text.count {
      guard isDigit(text[index]) else {
        index += 1
        continue
      }
      var end = index
      while end < text.count, isDigit(text[end]) || text[end] == UInt8(ascii: ".") { end += 1 }
      let value = Double(String(decoding: text[index..<end], as: UTF8.self)) ?? .nan
      index = end
      if index < text.count, text[index] == UInt8(ascii: " ") { index += 1 }
      let unit = text[index...].prefix { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
      switch String(decoding: unit, as: UTF8.self) {
      case "w", "wp": best = value
      case "kw", "kwp": best = value * 1000
      default: break
      }
    }
    return best > 0 ? best : .nan
  }

  private func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
