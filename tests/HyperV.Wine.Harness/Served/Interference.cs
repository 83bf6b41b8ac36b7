namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>What a case does to calls on their way.</summary>
/// <param name="station">Where the call is.</param>
/// <param name="subject">What it is about.</param>
/// <returns>Zero to let it pass, else the HRESULT that it ends with.</returns>
internal delegate uint Interference(Station station, string subject);
