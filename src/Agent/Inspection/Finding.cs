namespace HostAgent.Agent.Inspection;

/// <summary>One thing that an inspection has found out.</summary>
/// <param name="Level">What it means.</param>
/// <param name="Part">What was checked, in one word.</param>
/// <param name="Text">What was found, in one line that names the thing and the value.</param>
internal sealed record Finding(FindingLevel Level, string Part, string Text)
{
    /// <summary>As it should be.</summary>
    public static Finding Ok(string part, string text) => new(FindingLevel.Ok, part, text);

    /// <summary>A person should look at it.</summary>
    public static Finding Warning(string part, string text) => new(FindingLevel.Warning, part, text);

    /// <summary>It keeps the agent from its work, or something was lost.</summary>
    public static Finding Failed(string part, string text) => new(FindingLevel.Failed, part, text);

    /// <summary>The line that is printed: the level first, for eyes and for grep.</summary>
    public override string ToString() => $"{Level.ToString().ToUpperInvariant(),-8}{Part}: {Text.ReplaceLineEndings(" ")}";
}

/// <summary>How serious a finding is. The highest level decides.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>The agent works, but an operator should check it.</summary>
    Warning,

    /// <summary>It keeps the agent from its work, or something was lost.</summary>
    Failed,
}
