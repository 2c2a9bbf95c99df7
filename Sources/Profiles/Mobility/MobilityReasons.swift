/// The reason table of the profile `mobility`. Bits 8–39 and 62 are rules', the others relations'.
enum MobilityReasons {
  static let repeatedDrive = ReasonCode(
    "M1_REPEATED_DRIVE", bit: 8, .spoof, .high, unit: "m",
    text: "A drive repeats an earlier one of the node second by second, stops and speeds included.")
  static let similarDrive = ReasonCode(
    "M1_SIMILAR_DRIVE", bit: 9, .spoof, .medium, unit: "m",
    text: "A drive keeps nearly the timing of an earlier one of the node all along the way.")
  static let repeatedPositions = ReasonCode(
    "M1_REPEATED_POSITIONS", bit: 10, .spoof, .medium,
    text: "Positions on the move come again later to the last digit, which receivers do not do.")
  static let repeatedImages = ReasonCode(
    "M1_REPEATED_IMAGES", bit: 11, .spoof, .high, unit: "images",
    text: "Different images were handed in again later; a camera never takes the same one twice.")
  static let framesElsewhere = ReasonCode(
    "M1_FRAMES_ELSEWHERE", bit: 12, .spoof, .medium,
    text: "Most images were taken at places that the node's own path never came near.")
  static let headingReversed = ReasonCode(
    "M1_HEADING_REVERSED", bit: 13, .spoof, .medium, unit: "deg",
    text: "The reported heading points backwards along the path, as in a drive played in reverse.")
  static let simulated = ReasonCode(
    "M2_SIMULATED", bit: 14, .spoof, .high, unit: "signs",
    text: "Several signs of a generated path at once: straight, even, and without receiver noise.")
  static let straightLines = ReasonCode(
    "M2_STRAIGHT_LINES", bit: 15, .spoof, .medium,
    text: "Fixes lie on straight lines, closer than any receiver's noise lets them.")
  static let constantSpeed = ReasonCode(
    "M2_CONSTANT_SPEED", bit: 16, .spoof, .medium,
    text: "Nearly all the way was driven at one and the same speed.")
  static let constantDilution = ReasonCode(
    "M2_CONSTANT_HDOP", bit: 17, .spoof, .medium,
    text: "The dilution of precision never changes while the vehicle moves.")
  static let constantHeight = ReasonCode(
    "M2_CONSTANT_ALTITUDE", bit: 18, .spoof, .medium, unit: "m",
    text: "The altitude never changes, or only along straight lines, over kilometres of road.")
  static let constantSatellites = ReasonCode(
    "M2_CONSTANT_SATELLITES", bit: 19, .spoof, .low,
    text: "The number of satellites never changes while the vehicle moves.")
  static let exactMotion = ReasonCode(
    "M2_EXACT_MOTION", bit: 20, .spoof, .low,
    text: "Reported speed and heading equal those computed from the positions.")
  static let speedDisagrees = ReasonCode(
    "M2_SPEED_DISAGREES", bit: 21, .spoof, .medium,
    text: "The reported speed has little to do with the distance between fixes.")
  static let teleport = ReasonCode(
    "M3_TELEPORT", bit: 22, .spoof, .high, unit: "km/h",
    text: "The node kept changing place faster than any road vehicle drives.")
  static let jump = ReasonCode(
    "M3_JUMP", bit: 23, .spoof, .medium, unit: "km/h",
    text: "The node changed place faster than any road vehicle drives, and stayed there.")
  static let scattered = ReasonCode(
    "M3_SCATTERED", bit: 24, .spoof, .medium, unit: "km/h",
    text: "Fixes far away came again and again, each for a moment only.")
  static let undrivenDistance = ReasonCode(
    "M3_FASTER_THAN_REPORTED", bit: 25, .spoof, .medium, unit: "km/h",
    text: "The node covered distances at more than twice the speed reported at either end.")
  static let odometerBack = ReasonCode(
    "M4_ODOMETER_BACK", bit: 26, .spoof, .medium, unit: "km",
    text: "The odometer ran back several times: the signals of more than one vehicle.")
  static let vinCheck = ReasonCode(
    "M4_VIN_CHECK", bit: 27, .spoof, .low,
    text: "The identification number fails its check digit or the year and make it names.")
  static let undriven = ReasonCode(
    "M5_PARKED", bit: 28, .spoof, .high, unit: "km",
    text: "The path moved on while the vehicle stood: no odometer, again and again.")
  static let odometerStill = ReasonCode(
    "M5_ODOMETER_STILL", bit: 29, .spoof, .medium, unit: "km",
    text: "Most of the path was covered without the odometer counting it.")
  static let odometerDiffers = ReasonCode(
    "M5_ODOMETER_DIFFERS", bit: 30, .spoof, .medium,
    text: "Odometer and path differ by far more than tyres and rounding explain (odometer / path).")
  static let wheelsStill = ReasonCode(
    "M5_WHEELS_STILL", bit: 31, .spoof, .medium,
    text: "The wheels stood still while the path moved on.")
  static let wheelsDisagree = ReasonCode(
    "M5_WHEELS_DISAGREE", bit: 62, .spoof, .low,
    text: "The wheels' speed rises and falls without regard to the path's (their correlation).")
  static let engineOff = ReasonCode(
    "M5_ENGINE_OFF", bit: 32, .spoof, .medium, unit: "signs",
    text: "On the move the engine did not turn, stayed cold, or charged no battery.")
  static let idling = ReasonCode(
    "M5_IDLING", bit: 33, .spoof, .medium, unit: "1/min",
    text: "The engine idled while the path moved at road speed.")
  static let transported = ReasonCode(
    "M5_TRANSPORTED", bit: 34, .evidence, .low, unit: "km",
    text: "One stretch was covered with the vehicle off, as on a ferry or a tow truck.")
  static let stuckReceiver = ReasonCode(
    "F_STUCK_GPS", bit: 35, .fault, .medium, unit: "fixes",
    text: "The position stands still to the last digit while the vehicle drives.")
  static let frozenSignals = ReasonCode(
    "F_FROZEN_OBD", bit: 36, .fault, .medium, unit: "records",
    text: "The vehicle's signals repeat one running state without any change.")
  static let odometerFault = ReasonCode(
    "F_ODOMETER", bit: 37, .fault, .medium,
    text: "The wheels turn and the odometer stands, or it counts miles (odometer / path).")
  static let lowBattery = ReasonCode(
    "F_LOW_BATTERY", bit: 38, .fault, .medium, unit: "V",
    text: "The vehicle's battery is nearly empty.")
  static let poorReception = ReasonCode(
    "F_RECEIVER_OR_CAMERA", bit: 39, .fault, .medium,
    text: "Nearly all fixes lack satellites, or the camera repeats one image.")
}
