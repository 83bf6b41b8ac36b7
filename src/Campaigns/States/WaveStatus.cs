namespace HostAgent.Campaigns.States;

/// <summary>Where a wave stands.</summary>
public enum WaveStatus
{
    /// <summary>An earlier wave is not done.</summary>
    Pending,

    /// <summary>Its items start as limits allow.</summary>
    Running,

    /// <summary>Every item is terminal; its gate does not hold yet.</summary>
    AtGate,

    /// <summary>Every item is terminal and its gate holds.</summary>
    Done,
}
