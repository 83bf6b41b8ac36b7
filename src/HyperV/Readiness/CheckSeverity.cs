namespace HostAgent.HyperV.Readiness;

/// <summary>What a check that is not satisfied means.</summary>
public enum CheckSeverity
{
    /// <summary>The failback cannot be started.</summary>
    Blocking,

    /// <summary>The failback can be started by a caller who accepts the check by its id.</summary>
    Overridable,

    /// <summary>Worth knowing.</summary>
    Informational,
}
