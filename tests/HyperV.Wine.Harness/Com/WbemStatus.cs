namespace HostAgent.HyperV.Wine.Harness.Com;

/// <summary>What COM calls answer beside the errors of <see cref="Cim.CimErrorCode"/>.</summary>
internal static class WbemStatus
{
    /// <summary>S_OK.</summary>
    public const int Ok = 0;

    /// <summary>WBEM_S_FALSE: fewer objects than asked for are left; for a connection, somebody else may have the namespace.</summary>
    public const int False = 1;

    /// <summary>WBEM_S_TIMEDOUT: nothing came within the time limit.</summary>
    public const int TimedOut = 0x00040004;

    /// <summary>E_NOTIMPL: a part of the interface that the product never reaches.</summary>
    public const int NotImplemented = unchecked((int)0x80004001);

    /// <summary>WBEM_E_UNEXPECTED: the server itself has failed.</summary>
    public const uint Unexpected = 0x8004101D;
}
