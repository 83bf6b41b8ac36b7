/* From and to the objects of IWbemServices. */
#include "mi.h"

DWORD type_of(CIMTYPE type)
{
    switch (type & ~CIM_FLAG_ARRAY) {
    case CIM_SINT16: return SINT16_;
    case CIM_SINT32: return SINT32_;
    case CIM_REAL32: return REAL32_;
    case CIM_REAL64: return REAL64_;
    case CIM_BOOLEAN: return BOOLEAN_;
    case CIM_OBJECT: return INSTANCE_;
    case CIM_SINT8: return SINT8_;
    case CIM_UINT8: return UINT8_;
    case CIM_UINT16: return UINT16_;
    case CIM_UINT32: return UINT32_;
    case CIM_SINT64: return SINT64_;
    case CIM_UINT64: return UINT64_;
    case CIM_DATETIME: return DATETIME_;
    case CIM_REFERENCE: return REFERENCE_;
    case CIM_CHAR16: return CHAR16_;
    default: return STRING_;
    }
}

static Value read_variant(DWORD type, VARIANT *variant, BOOL flag_keys, const WCHAR *server)
{
    Value value = { 0 };
    IWbemClassObject *object;
    switch (type) {
    case STRING_: value.string = copy_text(V_BSTR(variant)); break;
    case REFERENCE_: value.instance = read_path(V_BSTR(variant)); break;
    case DATETIME_: value.datetime = read_datetime(V_BSTR(variant)); break;
    case UINT64_: value.u64 = _wcstoui64(V_BSTR(variant), NULL, 10); break;
    case SINT64_: value.u64 = (ULONGLONG)_wcstoi64(V_BSTR(variant), NULL, 10); break;
    case BOOLEAN_: value.u8 = V_BOOL(variant) != VARIANT_FALSE; break;
    case REAL32_: value.r32 = V_R4(variant); break;
    case REAL64_: value.r64 = V_R8(variant); break;
    case UINT8_: value.u8 = V_UI1(variant); break;
    case SINT8_: value.u8 = (BYTE)V_I2(variant); break;
    case SINT16_: case CHAR16_: value.u16 = (WORD)V_I2(variant); break;
    case UINT16_: value.u16 = (WORD)V_I4(variant); break;
    case UINT32_: case SINT32_: value.u32 = (DWORD)V_I4(variant); break;
    case INSTANCE_:
        if (SUCCEEDED(IUnknown_QueryInterface(V_UNKNOWN(variant), &IID_IWbemClassObject, (void **)&object))) {
            value.instance = read_object(object, flag_keys, server);
            IWbemClassObject_Release(object);
        }
        break;
    }
    return value;
}

static Value read_array(DWORD type, VARIANT *variant, BOOL flag_keys, const WCHAR *server)
{
    Value value = { 0 };
    LONG last = -1;
    VARTYPE element = V_VT(variant) & ~VT_ARRAY;
    SafeArrayGetUBound(V_ARRAY(variant), 1, &last);
    value.array.size = last + 1;
    value.array.data = allocate(value.array.size * size_of(type));
    for (LONG i = 0; i <= last; i++) {
        VARIANT one;
        Value single;
        VariantInit(&one);
        SafeArrayGetElement(V_ARRAY(variant), &i, &V_I8(&one));
        V_VT(&one) = element;
        single = read_variant(type, &one, flag_keys, server);
        memcpy((BYTE *)value.array.data + i * size_of(type), &single, size_of(type));
        VariantClear(&one);
    }
    return value;
}

static BOOL is_among(SAFEARRAY *names, const WCHAR *name)
{
    LONG last = -1;
    BOOL found = FALSE;
    SafeArrayGetUBound(names, 1, &last);
    for (LONG i = 0; i <= last && !found; i++) {
        BSTR one;
        SafeArrayGetElement(names, &i, &one);
        found = !lstrcmpiW(one, name);
        SysFreeString(one);
    }
    return found;
}

static WCHAR *read_text(IWbemClassObject *object, const WCHAR *name)
{
    VARIANT value;
    WCHAR *text = NULL;
    VariantInit(&value);
    if (SUCCEEDED(IWbemClassObject_Get(object, name, 0, &value, NULL, NULL)) && V_VT(&value) == VT_BSTR)
        text = copy_text(V_BSTR(&value));
    VariantClear(&value);
    return text;
}

Instance *read_object(IWbemClassObject *object, BOOL flag_keys, const WCHAR *server)
{
    WCHAR *class_name = read_text(object, L"__CLASS");
    Instance *instance = new_instance(class_name ? class_name : L"");
    SAFEARRAY *names = NULL, *keys = NULL;
    LONG last = -1;
    release(class_name);
    instance->space = read_text(object, L"__NAMESPACE");
    instance->server = copy_text(server);
    IWbemClassObject_GetNames(object, NULL, WBEM_FLAG_KEYS_ONLY, NULL, &keys);
    if (SUCCEEDED(IWbemClassObject_GetNames(object, NULL, WBEM_FLAG_NONSYSTEM_ONLY, NULL, &names)))
        SafeArrayGetUBound(names, 1, &last);
    for (LONG i = 0; i <= last; i++) {
        BSTR name;
        VARIANT variant;
        CIMTYPE type;
        SafeArrayGetElement(names, &i, &name);
        VariantInit(&variant);
        if (SUCCEEDED(IWbemClassObject_Get(object, name, 0, &variant, &type, NULL))) {
            DWORD flags = flag_keys && keys && is_among(keys, name) ? FLAG_KEY : 0, mi_type = type_of(type), whole = mi_type + (type & CIM_FLAG_ARRAY ? ARRAY_ : 0);
            if (V_VT(&variant) == VT_NULL || V_VT(&variant) == VT_EMPTY) {
                add_element(instance, name, whole, flags, NULL);
            } else {
                Value value = type & CIM_FLAG_ARRAY ? read_array(mi_type, &variant, flag_keys, server) : read_variant(mi_type, &variant, flag_keys, server);
                add_element(instance, name, whole, flags, &value);
            }
        }
        VariantClear(&variant);
        SysFreeString(name);
    }
    if (names)
        SafeArrayDestroy(names);
    if (keys)
        SafeArrayDestroy(keys);
    return instance;
}

HRESULT write_variant(const Element *element, CIMTYPE declared, VARIANT *variant)
{
    WCHAR number[24];
    if (type_of(declared) + (declared & CIM_FLAG_ARRAY ? ARRAY_ : 0) != element->type)
        return TYPE_MISMATCH;
    switch (element->type) {
    case STRING_: V_VT(variant) = VT_BSTR, V_BSTR(variant) = SysAllocString(element->value.string); return S_OK;
    case REFERENCE_: V_VT(variant) = VT_BSTR, V_BSTR(variant) = write_path(element->value.instance, TRUE); return S_OK;
    case DATETIME_: V_VT(variant) = VT_BSTR, V_BSTR(variant) = write_datetime(&element->value.datetime); return S_OK;
    case UINT64_: case SINT64_:
        swprintf(number, 24, element->type == UINT64_ ? L"%llu" : L"%lld", element->value.u64);
        V_VT(variant) = VT_BSTR, V_BSTR(variant) = SysAllocString(number);
        return S_OK;
    case BOOLEAN_: V_VT(variant) = VT_BOOL, V_BOOL(variant) = element->value.u8 ? VARIANT_TRUE : VARIANT_FALSE; return S_OK;
    case UINT8_: V_VT(variant) = VT_UI1, V_UI1(variant) = element->value.u8; return S_OK;
    case UINT16_: V_VT(variant) = VT_I4, V_I4(variant) = element->value.u16; return S_OK;
    case UINT32_: case SINT32_: V_VT(variant) = VT_I4, V_I4(variant) = (LONG)element->value.u32; return S_OK;
    case STRING_ + ARRAY_:
        V_VT(variant) = VT_ARRAY | VT_BSTR, V_ARRAY(variant) = SafeArrayCreateVector(VT_BSTR, 0, element->value.array.size);
        for (LONG i = 0; i < (LONG)element->value.array.size; i++) {
            BSTR text = SysAllocString(((WCHAR **)element->value.array.data)[i]);
            SafeArrayPutElement(V_ARRAY(variant), &i, text);
            SysFreeString(text);
        }
        return S_OK;
    default: return TYPE_MISMATCH;
    }
}
