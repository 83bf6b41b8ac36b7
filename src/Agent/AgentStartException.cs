namespace HostAgent.Agent;

/// <summary>The agent cannot start. Each line is one error, fit for an operator: what, which value, what is allowed.</summary>
public sealed class AgentStartException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="lines">One line for each error; at least one.</param>
    /// <param name="innerException">What lies beneath, where there is something.</param>
    public AgentStartException(IReadOnlyList<string> lines, Exception? innerException = null)
        : base(string.Join(Environment.NewLine, lines), innerException) => Lines = lines;

    /// <summary>One line for each error.</summary>
    public IReadOnlyList<string> Lines { get; }
}
