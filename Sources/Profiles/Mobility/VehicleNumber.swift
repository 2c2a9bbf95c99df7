/// A vehicle identification number (ISO 3779): 17 places, the first three the maker's, the ninth a
/// check digit where the first is 1 to 5 (49 CFR 565.15), the tenth there the model year.
struct VehicleNumber: Sendable, Equatable {
  /// Upper case, without spaces and dashes.
  let text: String
  private let places: [UInt8]

  /// `nil` for what has not 17 places from the number's alphabet: letters without I, O and Q.
  init?(_ text: String) {
    let places = text.utf8.filter { $0 != 32 && $0 != 45 }.map {
      $0 >= 97 && $0 <= 122 ? $0 - 32 : $0
    }
    guard places.count == 17, places.allSatisfy({ Self.value($0) != nil }) else { return nil }
    self.places = places
    self.text = String(decoding: places, as: UTF8.self)
  }

  /// Whether check digit and year are binding: built for North America.
  var isNorthAmerican: Bool { places[0] >= 49 && places[0] <= 53 }

  /// Whether the ninth place is the sum of the weighted others modulo 11, X for 10.
  var passesCheck: Bool {
    let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    let sum = zip(places, weights).reduce(0) { $0 + (Self.value($1.0) ?? 0) * $1.1 }
    let digit = sum % 11
    return places[8] == (digit == 10 ? 88 : UInt8(48 + digit))
  }

  /// Whether the tenth place can stand for `year`: codes repeat after 30 years, and a claim may be
  /// off by one between model year and registration.
  func fits(year: Int) -> Bool {
    let codes = Array("ABCDEFGHJKLMNPRSTVWXY123456789".utf8)
    guard let place = codes.firstIndex(of: places[9]) else { return false }
    // A is 1980 and 2010.
    let difference = ((year - 1980 - place) % 30 + 30) % 30
    return difference <= 1 || difference == 29
  }

  /// Whether the maker's code belongs to the make that `vehicle` begins with; `nil` where either is
  /// not in the short list of makes whose codes are not shared.
  func fits(vehicle: String) -> Bool? {
    let code = String(decoding: places[0..<3], as: UTF8.self)
    let name = vehicle.lowercased()
    guard let owner = Self.makes.first(where: { $0.codes.contains(code) }),
      let claimed = Self.makes.first(where: { name.hasPrefix($0.name) })
    else { return nil }
    return owner.name == claimed.name
  }

  private static let makes: [(name: String, codes: Set<String>)] = [
    ("tesla", ["5YJ", "7SA", "LRW", "XP7"]),
    ("bmw", ["WBA", "WBS", "WBY", "5UX", "4US"]),
    ("audi", ["WAU", "WA1", "WUA", "TRU"]),
    ("volkswagen", ["WVW", "WVG", "WV1", "WV2", "1VW", "3VW"]),
    ("mercedes", ["WDB", "WDD", "WDC", "W1K", "W1N", "55S", "4JG"]),
    ("honda", ["1HG", "2HG", "JHM", "SHH", "19X", "5FN", "5J6"]),
    ("toyota", ["JTD", "JTE", "JTM", "JTN", "4T1", "5TD", "2T1", "SB1", "5TF"]),
    ("ford", ["1FA", "1FM", "1FT", "WF0", "3FA"]),
    ("hyundai", ["KMH", "5NP", "KM8"]),
    ("kia", ["KNA", "KND", "5XY"]),
    ("renault", ["VF1"]), ("peugeot", ["VF3"]), ("volvo", ["YV1", "YV4"]),
    ("subaru", ["JF1", "JF2", "4S3", "4S4"]), ("nissan", ["JN1", "JN8", "1N4", "5N1", "SJN"]),
  ]

  /// A place's value in the check sum; `nil` outside the alphabet.
  private static func value(_ place: UInt8) -> Int? {
    switch place {
    case 48...57: Int(place) - 48
    case 65...72: Int(place) - 64
    case 74...78: Int(place) - 73
    case 80: 7
    case 82: 9
    case 83...90: Int(place) - 81
    default: nil
    }
  }
}
