namespace HostAgent.Campaigns.Internal;

/// <summary>How far the attempt in flight has come.</summary>
internal enum AttemptPhase
{
    /// <summary>No attempt is in flight.</summary>
    None,

    /// <summary>The intent is stored; the agent has not answered yet.</summary>
    Starting,

    /// <summary>The agent has journaled it.</summary>
    Accepted,

    /// <summary>The host is at work.</summary>
    Running,

    /// <summary>The machine's replication state is being read.</summary>
    Rereading,

    /// <summary>The agent is asked whether the machine is ready; nothing of the attempt has begun.</summary>
    Checking,
}
