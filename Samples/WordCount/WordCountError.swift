/// Something that ends the job, told in one line.
struct WordCountError: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
