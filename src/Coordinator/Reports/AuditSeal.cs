namespace HostAgent.Coordinator.Reports;

/// <summary>The end of the campaign's audit chain when the report was made: whoever kept it can tell later whether the chain was cut or edited.</summary>
/// <param name="Records">How many records the chain has.</param>
/// <param name="HeadHash">The SHA-256 of the newest one, hexadecimal; empty when there is none.</param>
/// <param name="Intact">Whether every record follows from the former one.</param>
/// <param name="FirstBroken">The sequence of the first record that does not; null when all do.</param>
internal sealed record AuditSeal(long Records, string HeadHash, bool Intact, long? FirstBroken);
