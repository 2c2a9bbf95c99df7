import ExactMath

/// A drive model and its size as `size in decimal units / 2³⁰`.
struct StorageDriveModel: Sendable {
  let name: String
  let gibibytes: Double
  /// How often it is met, relative to the others: counts of a public scrape of SMART data.
  let share: Double

  private init(_ name: String, _ gibibytes: Double, _ share: Double) {
    self.name = name
    self.gibibytes = gibibytes
    self.share = share
  }

  /// Models of the Linux Hardware Project's scrape of server and desktop drives, from 2 TB up for
  /// the most part: providers of storage sell few small ones.
  static let all: [StorageDriveModel] = [
    StorageDriveModel("WUH721414ALE604", 13038.5, 1076),
    StorageDriveModel("WUH721818ALE604", 16763.8, 1072),
    StorageDriveModel("HUH721212ALN604", 11175.9, 1068),
    StorageDriveModel("ST6000NM0024-1HT17Z", 5587.9, 827),
    StorageDriveModel("ST10000NM0016-1TT101", 9313.2, 771),
    StorageDriveModel("MZ7LH960HAJR-00005", 894.1, 200),
    StorageDriveModel("SSDSC2KB960G8", 894.1, 160),
    StorageDriveModel("MZQLB1T9HAJR-00007", 1769.5, 300),
    StorageDriveModel("ST8000NM0055-1RM112", 7450.6, 435),
    StorageDriveModel("MZ7LH1T9HMLT-00005", 1769.5, 300),
    StorageDriveModel("WUH721818ALE6L4", 16763.8, 382),
    StorageDriveModel("MG04ACA600E", 5587.9, 377),
    StorageDriveModel("MG05ACA800E", 7450.6, 353),
    StorageDriveModel("WUS4BB019D7P3E1", 1769.5, 200),
    StorageDriveModel("CT1000MX500SSD1", 931.3, 160),
    StorageDriveModel("SSDSC2KB019T8", 1769.5, 200),
    StorageDriveModel("MD04ACA400", 3725.3, 232),
    StorageDriveModel("ST4000NM0033-9ZM170", 3725.3, 218),
    StorageDriveModel("WD40EFRX-68WT0N0", 3725.3, 135),
    StorageDriveModel("MZ7L37T6HBLA-00A07", 7078.1, 124),
    StorageDriveModel("HUH721010ALE600", 9313.2, 118),
    StorageDriveModel("ST8000DM005-2EH112", 7450.6, 113),
    StorageDriveModel("WUH721414ALE6L4", 13038.5, 106),
    StorageDriveModel("ST8000VN004-2M2101", 7450.6, 105),
    StorageDriveModel("MZQLB3T8HALS-00007", 3539.0, 100),
    StorageDriveModel("WD60EFRX-68L0BN1", 5587.9, 97),
    StorageDriveModel("HUH721212ALE604", 11175.9, 86),
    StorageDriveModel("ST12000NM0008-2H3101", 11175.9, 82),
  ]

  static let shares = all.map(\.share)

  /// Hours powered, quantiles of the same scrape.
  static let hours: [(share: Double, value: Double)] = [
    (0, 20), (0.05, 1008), (0.25, 6456), (0.5, 15552), (0.75, 29976), (0.95, 54864), (1, 80_000),
  ]

  /// Errors counted: 91 % none, the rest with a long tail.
  static let errors: [(share: Double, value: Double)] = [
    (0, 0), (0.911, 0), (0.93, 2), (0.95, 8), (0.97, 120), (0.99, 1020), (1, 2100),
  ]

  /// What drives, bridges and virtual machines print when they have no serial number.
  static let genericIDs = [
    "000000000000", "0123456789AB", "QM00001", "unknown", "FFFFFFFFFFFF", "DEADBEEF0000",
  ]
}

/// A drive as its node reports it.
struct StorageDrive: Sendable {
  var id: String
  var model: String
  var gibibytes: Double
  var hours: Double
  var errors: Double
  /// Hours of the day when it is reported.
  var present: ClosedRange<Double> = 0...24

  init(_ random: inout RandomStream, model: StorageDriveModel? = nil) {
    let kind = model ?? StorageDriveModel.all[random.drawn(by: StorageDriveModel.shares)]
    id = WorkHash.upperHex(random.bits(), 12)
    self.model = kind.name
    gibibytes = kind.gibibytes
    hours = random.drawn(between: StorageDriveModel.hours).rounded()
    errors = random.drawn(between: StorageDriveModel.errors).rounded()
  }
}

/// Where a node stands: a place on the globe, and the way from it to the network.
struct StorageSite: Sendable {
  let region: Int
  private let x: Double
  private let y: Double
  private let z: Double
  /// Round trip on the last mile, ms.
  let accessMs: Double

  static let regions: [(name: String, lat: Double, lon: Double, share: Double)] = [
    ("us-east", 39, -77, 20), ("us-west", 37, -121, 13), ("eu-west", 52, -1, 13),
    ("eu-central", 50, 10, 18), ("ap-southeast", 1.3, 104, 8), ("ap-northeast", 35, 139, 8),
    ("cn-east", 31, 121, 16), ("sa-east", -23, -46, 4),
  ]

  private static let shares = regions.map(\.share)

  init(_ random: inout RandomStream, region chosen: Int? = nil) {
    region = chosen ?? random.drawn(by: Self.shares)
    let degree = 0.017453292519943295
    let lat = (Self.regions[region].lat + random.normal(0, 3)) * degree
    let lon = (Self.regions[region].lon + random.normal(0, 4)) * degree
    x = Portable.cos(lat) * Portable.cos(lon)
    y = Portable.cos(lat) * Portable.sin(lon)
    z = Portable.sin(lat)
    accessMs = random.chance(0.5) ? random.uniform(0.5, 3) : random.uniform(5, 22)
  }

  /// Round trip between two sites: light in fibre makes 200 km a millisecond, routes are 1.6
  /// times as long as the arc.
  func roundTrip(to other: StorageSite) -> Double {
    let (dx, dy, dz) = (x - other.x, y - other.y, z - other.z)
    let half = min((dx * dx + dy * dy + dz * dz).squareRoot() / 2, 1)
    let angle = 2 * Portable.atan2(y: half, x: (1 - half * half).squareRoot())
    return 6371 * angle / 100 * 1.6 + accessMs + other.accessMs
  }
}
