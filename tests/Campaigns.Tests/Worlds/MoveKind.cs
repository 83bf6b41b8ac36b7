namespace HostAgent.Campaigns.Tests.Worlds;

internal enum MoveKind
{
    /// <summary>One of the calls on their way arrives, is lost, or loses its answer.</summary>
    Deliver,

    /// <summary>One of the jobs under way goes a step further.</summary>
    Work,

    /// <summary>Time passes.</summary>
    Pass,

    /// <summary>A person commands.</summary>
    Command,

    /// <summary>A host goes out of reach, or comes back.</summary>
    Toggle,

    /// <summary>A machine is changed by somebody else.</summary>
    Change,

    /// <summary>An agent's journal is copied, or an older copy is put back.</summary>
    Restore,

    /// <summary>The coordinator dies after storing and before doing.</summary>
    Crash,

    /// <summary>The coordinator dies with its next decision, before storing it.</summary>
    Die,
}
