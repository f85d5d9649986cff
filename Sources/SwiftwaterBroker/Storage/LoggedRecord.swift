/// A fact of which a `StateLog` is made. Applying all of them in order gives the state.
protocol LoggedRecord: Sendable {
    static var fileName: String { get }

    init(from reader: inout ProtocolReader) throws(ProtocolError)
    func write(to writer: inout ProtocolWriter)
}
