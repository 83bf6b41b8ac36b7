namespace HostAgent.Texts.Internal;

/// <summary>What the system says against a file, in words that need no path: the sentence around them has it.</summary>
internal static class FileFailure
{
    private const int NoSpace = 28;
    private const int BrokenPipe = 32;

    public static bool IsOne(Exception failure) => failure is IOException or UnauthorizedAccessException or NotSupportedException;

    public static string Reason(Exception failure, string path) => failure switch
    {
        OutputFileException => failure.Message,
        DirectoryNotFoundException => "its directory does not exist",
        UnauthorizedAccessException => Directory.Exists(path) ? "it is a directory" : "access is denied",
        PathTooLongException => "its name is too long",
        // On Unix HResult is the system's own number.
        IOException { HResult: NoSpace } => "the disk is full",
        IOException { HResult: BrokenPipe } => "its reader has gone",
        _ => Bare(failure.Message, path),
    };

    // ".NET says: No space left on device : '/the/path'".
    private static string Bare(string message, string path)
        => message.Replace($" : '{path}'", string.Empty, StringComparison.Ordinal).TrimEnd('.', ' ');
}
