namespace HostAgent.Agent.Inspection;

/// <summary>What a finding means to whoever is about to rely on the agent. The higher decides over the lower.</summary>
internal enum FindingLevel
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>The agent does its work with it, and somebody should look.</summary>
    Warning,

    /// <summary>It keeps the agent from its work, or something was lost.</summary>
    Failed,
}
