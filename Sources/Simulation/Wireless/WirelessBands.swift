extension WirelessNetwork {
  /// A region's frequency plan, from the LoRaWAN regional parameters (RP002-1.0.3).
  struct Band: Sendable {
    let name: String
    /// Uplink channels of 125 kHz, MHz.
    let channels: [Double]
    /// Conducted power of gateways' beacons, and radiated power of devices, dBm.
    let power: Double
    let devicePower: Double
    /// Spreading factors of beacons; more often named, more often used.
    let beacons: [Int]
    /// The slowest data rate a device may use.
    let slowest: Int

    static let all: [Band] = [
      Band(
        name: "EU868",
        channels: [868.1, 868.3, 868.5, 867.1, 867.3, 867.5, 867.7, 867.9],
        power: 14, devicePower: 14, beacons: [12, 12, 12, 12, 12, 11, 10, 9], slowest: 12),
      Band(
        name: "US915",
        channels: [903.9, 904.1, 904.3, 904.5, 904.7, 904.9, 905.1, 905.3],
        power: 27, devicePower: 20, beacons: [10, 10, 10, 9, 8, 7], slowest: 10),
      Band(
        name: "AU915",
        channels: [916.8, 917.0, 917.2, 917.4, 917.6, 917.8, 918.0, 918.2],
        power: 27, devicePower: 20, beacons: [10, 10, 9, 12], slowest: 12),
      Band(
        name: "AS923_1",
        channels: [923.2, 923.4, 922.0, 922.2, 922.4, 922.6, 922.8, 923.0],
        power: 16, devicePower: 16, beacons: [10, 10, 9, 12], slowest: 12),
      Band(
        name: "IN865", channels: [865.0625, 865.4025, 865.985],
        power: 27, devicePower: 20, beacons: [12, 11, 10], slowest: 12),
      Band(
        name: "KR920",
        channels: [922.1, 922.3, 922.5, 922.7, 922.9, 923.1, 923.3],
        power: 14, devicePower: 14, beacons: [12, 11, 10], slowest: 12),
    ]
  }

  /// A city around which towns lie.
  struct Metropolis: Sendable {
    let place: Place
    let band: String
    let elevation: Double

    private init(_ lat: Double, _ lon: Double, _ band: String, _ elevation: Double) {
      place = Place(lat: lat, lon: lon)
      self.band = band
      self.elevation = elevation
    }

    static let all: [Metropolis] = [
      Metropolis(45.19, 5.73, "EU868", 220), Metropolis(48.86, 2.35, "EU868", 40),
      Metropolis(52.52, 13.40, "EU868", 40), Metropolis(48.14, 11.58, "EU868", 520),
      Metropolis(51.51, -0.13, "EU868", 20), Metropolis(53.48, -2.24, "EU868", 60),
      Metropolis(40.42, -3.70, "EU868", 650), Metropolis(45.46, 9.19, "EU868", 120),
      Metropolis(52.23, 21.01, "EU868", 100), Metropolis(47.50, 19.04, "EU868", 110),
      Metropolis(59.33, 18.07, "EU868", 25), Metropolis(44.43, 26.10, "EU868", 75),
      Metropolis(40.71, -74.01, "US915", 15), Metropolis(41.88, -87.63, "US915", 180),
      Metropolis(29.76, -95.37, "US915", 20), Metropolis(33.45, -112.07, "US915", 340),
      Metropolis(39.74, -104.99, "US915", 1610), Metropolis(34.05, -118.24, "US915", 90),
      Metropolis(37.77, -122.42, "US915", 30), Metropolis(47.61, -122.33, "US915", 50),
      Metropolis(33.75, -84.39, "US915", 310), Metropolis(25.76, -80.19, "US915", 3),
      Metropolis(44.98, -93.27, "US915", 250), Metropolis(43.65, -79.38, "US915", 90),
      Metropolis(49.28, -123.12, "US915", 40), Metropolis(19.43, -99.13, "US915", 2240),
      Metropolis(-33.87, 151.21, "AU915", 40), Metropolis(-37.81, 144.96, "AU915", 30),
      Metropolis(-27.47, 153.03, "AU915", 25), Metropolis(-23.55, -46.63, "AU915", 760),
      Metropolis(-34.60, -58.38, "AU915", 25), Metropolis(35.68, 139.69, "AS923_1", 40),
      Metropolis(1.35, 103.82, "AS923_1", 15), Metropolis(13.76, 100.50, "AS923_1", 4),
      Metropolis(12.97, 77.59, "IN865", 920), Metropolis(28.61, 77.21, "IN865", 215),
      Metropolis(37.57, 126.98, "KR920", 40),
    ]
  }

  /// What LoRa modulation gives and needs.
  enum LoRa {
    /// SNR below which a demodulator fails, dB: −7.5 at SF7 and 2.5 less for every step
    /// (Semtech SX1302 data sheet).
    static func floor(_ spreading: Int) -> Double {
      10 - 2.5 * Double(spreading)
    }

    /// Air time in ms of `size` payload bytes at 125 kHz, coding rate 4/5, explicit header and
    /// CRC (Semtech AN1200.13).
    static func airtime(_ spreading: Int, size: Int) -> Double {
      let symbol = Double(1 << spreading) / 125
      let slow = spreading >= 11 ? 2 : 0
      let bits = 8 * size - 4 * spreading + 28 + 16
      let perBlock = 4 * (spreading - slow)
      let blocks = max((bits + perBlock - 1) / perBlock, 0)
      return (12.25 + Double(8 + 5 * blocks)) * symbol
    }

    /// Data-rate names by spreading factor.
    static let names = (0...12).map { "SF\($0)BW125" }
  }
}
