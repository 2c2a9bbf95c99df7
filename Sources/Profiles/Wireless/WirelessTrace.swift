import Contributions

/// What the relations of radio networks need of one node, at most a few kilobytes.
package struct WirelessTrace: Sendable {
  package var position: Position?
  /// Metres; NaN where not claimed.
  package var elevation = Double.nan
  /// dBi; NaN where not claimed.
  package var gain = Double.nan
  /// dBm, of the beacons where they state it, else as claimed; NaN where neither does.
  package var transmitPower = Double.nan
  /// Hash of the owner's name; `nil` where not claimed.
  package var owner: UInt64?
  /// Whether its strengths are mostly the noise's, which lie on any line.
  package var isChannelPower = false
  /// Beacons it sent.
  package var beacons = 0
  /// Peers it heard, by the hash of their names.
  package var links: [Link] = []
  /// Devices of known, constant position that it heard.
  package var devices: [DeviceLink] = []
  /// Receptions with a payload hash, in time order.
  package var sightings: [Sighting] = []
  /// Finished data sessions, in time order.
  package var sessions: [Session] = []

  package init() {}

  /// A peer as this node heard it.
  package struct Link: Sendable {
    package var peer: UInt64
    /// Median, dBm, and standard deviation, dB; NaN under two receptions.
    package var rssi: Float
    package var deviation: Float
    /// MHz; NaN where not reported.
    package var frequency: Float
    package var count: Int32

    package init(peer: UInt64, rssi: Float, deviation: Float, frequency: Float, count: Int32) {
      self.peer = peer
      self.rssi = rssi
      self.deviation = deviation
      self.frequency = frequency
      self.count = count
    }
  }

  /// A device as this node heard it.
  package struct DeviceLink: Sendable {
    package var latitude: Float
    package var longitude: Float
    /// Median, dBm.
    package var rssi: Float
    package var frequency: Float

    package init(latitude: Float, longitude: Float, rssi: Float, frequency: Float) {
      self.latitude = latitude
      self.longitude = longitude
      self.rssi = rssi
      self.frequency = frequency
    }
  }

  /// One reception of a payload: 24 bytes.
  package struct Sighting: Sendable {
    /// Hash of the payload; the last bit is 1 for a beacon's.
    package var payload: UInt64
    /// When the node received it: ms since 1970-01-01 UTC, less the delay on the way.
    package var time: Int64
    /// Tenths of a decibel; `Int16.min` where not reported.
    package var rssi: Int16
    package var snr: Int16
    /// µs; `UInt32.max` where not reported.
    package var counter: UInt32

    package init(payload: UInt64, time: Int64, rssi: Int16, snr: Int16, counter: UInt32) {
      self.payload = payload
      self.time = time
      self.rssi = rssi
      self.snr = snr
      self.counter = counter
    }
  }

  /// One data session: its name and its content, bytes up and down and length.
  package struct Session: Sendable {
    package var name: UInt64
    package var content: UInt64
    package var time: Int64

    package init(name: UInt64, content: UInt64, time: Int64) {
      self.name = name
      self.content = content
      self.time = time
    }
  }

  /// Links, devices and sessions above these are left out: enough to judge by, and a node that
  /// reports more must not cost more.
  static let mostLinks = 128
  static let mostDevices = 32
  static let mostSightings = 4096
  static let mostSessions = 1024

  package static func hash(_ text: String) -> UInt64 { StableHash.of(text) }

  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
