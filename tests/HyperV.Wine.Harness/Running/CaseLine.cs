namespace HostAgent.HyperV.Wine.Harness.Running;

/// <summary>One line of the program's output, as JSON: how one case ended.</summary>
/// <param name="Group">Which group of cases.</param>
/// <param name="Name">Which case.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Detail">Why it failed or was skipped.</param>
public sealed record CaseLine(string Group, string Name, CaseOutcome Outcome, long Milliseconds, string? Detail = null)
{
    /// <summary>What stands before the JSON, since others write to the output too.</summary>
    public const string Mark = "case ";

    /// <summary>What stands in the last line; without it the program did not get to its end.</summary>
    public const string LastLine = "all cases have ended";
}
