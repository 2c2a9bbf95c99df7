/// Makes and models that vehicles of a simulated network claim.
struct VehicleModel: Sendable {
  enum Drivetrain: Sendable {
    case petrol, diesel, electric
  }

  let name: String
  /// World manufacturer identifier: a VIN's first three characters.
  let maker: String
  /// A VIN's characters 4–8.
  let series: String
  let drivetrain: Drivetrain
  let years: ClosedRange<Int>
  /// Kilometres on a full tank or battery.
  let range: Double

  private init(
    _ name: String, _ maker: String, _ series: String, _ drivetrain: Drivetrain,
    _ years: ClosedRange<Int>, _ range: Double
  ) {
    self.name = name
    self.maker = maker
    self.series = series
    self.drivetrain = drivetrain
    self.years = years
    self.range = range
  }

  static let all: [VehicleModel] = [
    VehicleModel("Volkswagen Golf", "WVW", "ZZZAU", .petrol, 2014...2023, 720),
    VehicleModel("Volkswagen ID.3", "WVW", "ZZZE1", .electric, 2020...2025, 380),
    VehicleModel("Skoda Octavia", "TMB", "AG7NE", .diesel, 2013...2024, 900),
    VehicleModel("BMW 320d", "WBA", "8C510", .diesel, 2012...2022, 880),
    VehicleModel("Renault Clio", "VF1", "RJA00", .petrol, 2014...2024, 700),
    VehicleModel("Renault Zoe", "VF1", "AGVYF", .electric, 2014...2023, 300),
    VehicleModel("Fiat 500", "ZFA", "31200", .petrol, 2011...2022, 620),
    VehicleModel("Toyota Corolla", "JTD", "EPRAE", .petrol, 2010...2024, 760),
    VehicleModel("Toyota Yaris", "VNK", "KTUD3", .petrol, 2012...2023, 740),
    VehicleModel("Honda Civic", "2HG", "FC2F5", .petrol, 2011...2023, 690),
    VehicleModel("Honda CR-V", "5J6", "RW2H8", .petrol, 2013...2024, 700),
    VehicleModel("Hyundai Ioniq 5", "KMH", "K381A", .electric, 2021...2025, 420),
    VehicleModel("Ford F-150", "1FT", "EW1EP", .petrol, 2010...2024, 850),
    VehicleModel("Ford Transit", "WF0", "XXXTT", .diesel, 2012...2024, 820),
    VehicleModel("Chevrolet Bolt", "1G1", "FZ6S0", .electric, 2017...2023, 380),
    VehicleModel("Tesla Model 3", "5YJ", "3E1EA", .electric, 2018...2025, 450),
    VehicleModel("Tesla Model Y", "7SA", "YGDEE", .electric, 2020...2025, 460),
    VehicleModel("Subaru Outback", "4S4", "BSANC", .petrol, 2013...2024, 780),
    VehicleModel("Mercedes Sprinter", "WDB", "90663", .diesel, 2011...2023, 880),
    VehicleModel("Volvo V60", "YV1", "ZW25U", .diesel, 2014...2024, 940),
  ]

  /// A valid VIN: ISO 3779 layout, the year's code at place 10 and the check digit of 49 CFR 565
  /// at place 9.
  func vin(year: Int, _ random: inout RandomStream) -> String {
    var characters = Array(maker.utf8) + Array(series.utf8) + [UInt8(ascii: "0")]
    let years = Array("ABCDEFGHJKLMNPRSTVWXY123456789".utf8)
    characters.append(years[(year - 1980) % years.count])
    characters.append(random.pick(Array("ABCDEFGHJKLMNPRSTUVWXYZ".utf8)))
    for _ in 0..<6 { characters.append(UInt8(ascii: "0") + UInt8(random.integer(0...9))) }
    characters[8] = Self.checkDigit(characters)
    return String(decoding: characters, as: UTF8.self)
  }

  /// The check digit of 17 characters; the one at place 9 does not count.
  static func checkDigit(_ characters: [UInt8]) -> UInt8 {
    let weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    var sum = 0
    for (character, weight) in zip(characters, weights) { sum += weight * value(character) }
    let rest = sum % 11
    return rest == 10 ? UInt8(ascii: "X") : UInt8(ascii: "0") + UInt8(rest)
  }

  /// A…H are 1…8, J…R 1…9 and S…Z 2…9 (I, O and Q do not occur).
  private static func value(_ character: UInt8) -> Int {
    switch character {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(character - UInt8(ascii: "0"))
    case UInt8(ascii: "A")...UInt8(ascii: "H"): Int(character - UInt8(ascii: "A")) + 1
    case UInt8(ascii: "J")...UInt8(ascii: "R"): Int(character - UInt8(ascii: "J")) + 1
    default: Int(character) - Int(UInt8(ascii: "S")) + 2
    }
  }
}
