namespace HostAgent.HyperV.Cim;

/// <summary>The namespace refused a call or could not be reached.</summary>
public sealed class CimException : Exception
{
    /// <summary>Creates the exception from an HRESULT.</summary>
    /// <param name="hresult">The HRESULT, for example <see cref="CimErrorCode.NotFound"/>.</param>
    /// <param name="message">What was asked, and what the namespace said.</param>
    /// <param name="innerException">The platform's own exception, where there is one.</param>
    public CimException(uint hresult, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        ErrorCode = hresult;
        HResult = unchecked((int)hresult);
    }

    /// <summary>The HRESULT as an unsigned number; <see cref="CimErrorCode"/> names the known ones.</summary>
    public uint ErrorCode { get; }
}
