namespace HostAgent.Hosting;

/// <summary>A server cannot start. Each line is one error that names the setting or file, its value and what is allowed. The exit code is 2.</summary>
public sealed class StartException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="lines">One line for each error; at least one.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public StartException(IReadOnlyList<string> lines, Exception? innerException = null)
        : base(string.Join(Environment.NewLine, lines), innerException) => Lines = lines;

    /// <summary>One line for each error.</summary>
    public IReadOnlyList<string> Lines { get; }

    /// <summary>Throws when there are errors.</summary>
    /// <param name="errors">One line for each error.</param>
    /// <exception cref="StartException">There is at least one.</exception>
    public static void ThrowIfAny(IReadOnlyList<string> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (errors.Count > 0)
        {
            throw new StartException(errors);
        }
    }
}
