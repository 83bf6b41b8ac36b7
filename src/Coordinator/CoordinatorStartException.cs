namespace HostAgent.Coordinator;

/// <summary>A coordinator cannot start with the settings that it was given. The process ends with exit code 2.</summary>
public sealed class CoordinatorStartException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="lines">What is wrong, one readable line for each error.</param>
    public CoordinatorStartException(IReadOnlyList<string> lines)
        : base(string.Join('\n', lines))
    {
        Lines = lines;
    }

    /// <summary>What is wrong, one readable line for each error.</summary>
    public IReadOnlyList<string> Lines { get; }
}
