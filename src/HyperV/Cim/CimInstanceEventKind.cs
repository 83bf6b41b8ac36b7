namespace HostAgent.HyperV.Cim;

/// <summary>The kinds of change a watch reports.</summary>
public enum CimInstanceEventKind
{
    /// <summary>The instance has appeared.</summary>
    Created,

    /// <summary>A property of the instance has changed.</summary>
    Modified,

    /// <summary>The instance is gone.</summary>
    Deleted,
}
