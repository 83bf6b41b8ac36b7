namespace HostAgent.Cli.Commands.Support;

/// <summary>How a check of <c>doctor</c> ended.</summary>
internal enum FindingResult
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, but needs attention.</summary>
    Warning,

    /// <summary>It does not work.</summary>
    Failed,

    /// <summary>It could not be checked.</summary>
    NotChecked,
}

/// <summary>One check of <c>doctor</c>.</summary>
/// <param name="Check">What was checked: <c>clock</c>, <c>host hv-west-01</c>.</param>
/// <param name="Result">How it ended.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Act">What to do; empty when nothing need be done.</param>
internal sealed record Finding(string Check, FindingResult Result, string Seen, string Act = "")
{
    /// <summary>The result as people and programs read it.</summary>
    public string Word => Result switch
    {
        FindingResult.Ok => "ok",
        FindingResult.Warning => "WARNING",
        FindingResult.Failed => "FAILED",
        _ => "NOT CHECKED",
    };
}
