/// Why compressed records could not be read.
enum CodecError: Error, Equatable {
    case damaged(String)
    /// They would take more memory than is given to them.
    case tooLarge
}
