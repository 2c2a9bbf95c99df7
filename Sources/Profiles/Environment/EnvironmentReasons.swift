/// The reason table of the profile `environment`. Bits 8–39 are rules'; those of relations follow.
enum EnvironmentReasons {
  static let boxed = ReasonCode(
    "E1_BOXED", bit: 8, .spoof, .high, unit: "signs",
    text: "No daylight, no wind, and temperature and humidity of a closed room, all day.")
  static let sheltered = ReasonCode(
    "E1_SHELTERED", bit: 9, .spoof, .medium, unit: "signs",
    text: "Several measurements are as flat as in a closed room.")
  static let repeated = ReasonCode(
    "E3_REPEATED", bit: 10, .spoof, .high,
    text: "Half a day or more of the measurements repeats earlier ones, noise included.")
  static let repeatedDoubt = ReasonCode(
    "E3_REPEATED_DOUBT", bit: 11, .spoof, .medium,
    text: "A stretch of the measurements repeats an earlier one, noise included.")
  static let sunAtNight = ReasonCode(
    "E4_SUN_AT_NIGHT", bit: 12, .spoof, .medium,
    text: "Daylight was measured with the sun below the horizon of the claimed position.")
  static let noonElsewhere = ReasonCode(
    "E4_NOON_ELSEWHERE", bit: 13, .spoof, .medium, unit: "deg",
    text: "The course of the daylight fits another longitude than the claimed one.")
  static let pressureHeight = ReasonCode(
    "E4_PRESSURE_HEIGHT", bit: 14, .spoof, .medium, unit: "hPa",
    text: "The air pressure is impossible at the claimed elevation.")
  static let beyondClearSky = ReasonCode(
    "E4_BEYOND_CLEAR_SKY", bit: 15, .spoof, .medium,
    text: "The sun was stronger than a clear sky lets it be at the claimed position.")
  static let constant = ReasonCode(
    "E5_CONSTANT", bit: 16, .spoof, .medium, unit: "channels",
    text: "Everything the station measures stands still at plausible values.")
  static let smooth = ReasonCode(
    "E5_SMOOTH", bit: 17, .spoof, .medium, unit: "channels",
    text: "Measurements follow smooth curves without a sensor's noise.")
  static let noMemory = ReasonCode(
    "E5_NO_MEMORY", bit: 18, .spoof, .medium,
    text: "Measurements jump about as air does not (median step over spread).")
  static let gust = ReasonCode(
    "E5_GUST_BELOW_WIND", bit: 19, .spoof, .medium,
    text: "Gusts are weaker than the mean wind they are part of.")
  static let lightMismatch = ReasonCode(
    "E5_LIGHT_MISMATCH", bit: 20, .spoof, .medium,
    text: "Irradiance, illuminance and UV do not rise and fall together (correlation).")
  static let uncoupled = ReasonCode(
    "E5_UNCOUPLED", bit: 21, .spoof, .low,
    text: "The humidity does not follow the temperature, as if the air had no water to keep.")
  static let powerBalance = ReasonCode(
    "E6_POWER_BALANCE", bit: 22, .spoof, .high,
    text: "The power is more than voltage times current (ratio).")
  static let powerBalanceDoubt = ReasonCode(
    "E6_POWER_BALANCE_DOUBT", bit: 23, .spoof, .medium, unit: "readings",
    text: "Some readings have more power than voltage times current.")
  static let counterRatio = ReasonCode(
    "E6_COUNTER_RATIO", bit: 24, .spoof, .medium,
    text: "The energy counter does not run with the power (ratio).")
  static let counterJump = ReasonCode(
    "E6_COUNTER_JUMP", bit: 25, .spoof, .medium, unit: "Wh",
    text: "The energy counter jumped by more than the meter's power can explain.")
  static let powerAtNight = ReasonCode(
    "E6_POWER_AT_NIGHT", bit: 26, .spoof, .medium, unit: "W",
    text: "A plant that follows the sun also produces at night; a battery may be behind it.")
  static let someAtNight = ReasonCode(
    "E6_SOME_POWER_AT_NIGHT", bit: 48, .spoof, .low, unit: "W",
    text: "A plant that follows the sun also gave power at night, as one with a battery does.")
  static let beyondCapacity = ReasonCode(
    "E6_BEYOND_CAPACITY", bit: 27, .spoof, .high, unit: "W",
    text: "The power is above what the claimed model is rated for.")
  static let stuck = ReasonCode(
    "F_STUCK_SENSOR", bit: 32, .fault, .medium, unit: "h",
    text: "One sensor stands still while others live.")
  static let frozen = ReasonCode(
    "F_FROZEN", bit: 33, .fault, .low, unit: "h",
    text: "Wind sensors stand still in frost.")
  static let deadWind = ReasonCode(
    "F_NO_WIND", bit: 34, .fault, .low, unit: "h",
    text: "The wind sensor never turned.")
  static let noLight = ReasonCode(
    "F_NO_LIGHT", bit: 36, .fault, .low, unit: "readings",
    text: "The light sensor saw no day.")
  static let counterReset = ReasonCode(
    "F_COUNTER_RESET", bit: 35, .fault, .low, unit: "resets",
    text: "The energy counter started anew.")
}
