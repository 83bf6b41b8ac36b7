namespace HostAgent.Texts;

/// <summary>A file cannot be written; what was there before is as it was. The message is one sentence that names file and reason.</summary>
public sealed class OutputFileException : IOException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">The file.</param>
    /// <param name="what">What should be written, for example <c>the report</c>.</param>
    /// <param name="reason">Why it cannot be, without its full stop.</param>
    /// <param name="cause">What the system said; null when nothing was asked of it.</param>
    public OutputFileException(string path, string what, string reason, Exception? cause = null)
        : base($"{path}: {what} cannot be written: {reason}.", cause)
    {
    }
}
