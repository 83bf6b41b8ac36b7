using System.Runtime.InteropServices;

namespace HostAgent.HyperV.Wine.Harness.Com;

/// <summary>One-dimensional SAFEARRAYs.</summary>
internal static unsafe partial class SafeArrays
{
    /// <summary>An array of texts; the receiver destroys it.</summary>
    public static nint OfTexts(IReadOnlyList<string?> texts)
    {
        var array = SafeArrayCreateVector((ushort)VarEnum.VT_BSTR, 0, (uint)texts.Count);
        for (var i = 0; i < texts.Count; i++)
        {
            // The array copies the text.
            var text = Marshal.StringToBSTR(texts[i]);
            Marshal.ThrowExceptionForHR(SafeArrayPutElement(array, &i, (void*)text));
            Marshal.FreeBSTR(text);
        }

        return array;
    }

    /// <summary>An array of plain values; the receiver destroys it.</summary>
    public static nint Of<T>(VarEnum type, IReadOnlyList<T> values)
        where T : unmanaged
    {
        var array = SafeArrayCreateVector((ushort)type, 0, (uint)values.Count);
        for (var i = 0; i < values.Count; i++)
        {
            var value = values[i];
            Marshal.ThrowExceptionForHR(SafeArrayPutElement(array, &i, &value));
        }

        return array;
    }

    /// <summary>The texts of an array that stays its owner's.</summary>
    public static string?[] ReadTexts(nint array)
    {
        Marshal.ThrowExceptionForHR(SafeArrayGetUBound(array, 1, out var last));
        var texts = new string?[last + 1];
        for (var i = 0; i < texts.Length; i++)
        {
            nint text;
            Marshal.ThrowExceptionForHR(SafeArrayGetElement(array, &i, &text));
            texts[i] = text == 0 ? null : Marshal.PtrToStringBSTR(text);
            Marshal.FreeBSTR(text);
        }

        return texts;
    }

    [LibraryImport("oleaut32")]
    private static partial nint SafeArrayCreateVector(ushort type, int lowerBound, uint count);

    [LibraryImport("oleaut32")]
    private static partial int SafeArrayPutElement(nint array, int* index, void* value);

    [LibraryImport("oleaut32")]
    private static partial int SafeArrayGetElement(nint array, int* index, void* value);

    [LibraryImport("oleaut32")]
    private static partial int SafeArrayGetUBound(nint array, uint dimension, out int bound);
}
