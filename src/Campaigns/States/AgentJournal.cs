using System.Runtime.InteropServices;

namespace HostAgent.Campaigns.States;

/// <summary>
/// How far an agent's journal had come. A journal that was replaced has another id, one that was put back from a copy has fewer commits:
/// either may lack an operation that was sent before.
/// </summary>
/// <param name="Id">The journal.</param>
/// <param name="Commits">How many durable commits it had.</param>
/// <param name="Token">What the journal has since then, and no older copy of it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct AgentJournal(Guid Id, long Commits, Guid Token = default);
