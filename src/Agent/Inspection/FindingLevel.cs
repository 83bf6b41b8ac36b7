namespace HostAgent.Agent.Inspection;

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
