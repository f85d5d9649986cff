public import Swiftwater

extension StreamsError.Code {
    /// A schema registry could not be reached, did not answer in time, or refused what every record needs: mend it and start again.
    ///
    /// No handler is asked about it, as no record is at fault: the application ends, and the record is read again at the next start.
    public static let schemaRegistry = StreamsError.Code(rawValue: "schemaRegistry")
}
