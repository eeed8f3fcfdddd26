// SPDX-License-Identifier: MIT
#include "core/formats/torch_type.h"

/* Class stems as in torch/__init__.py, dtype words as in torch/storage.py. What this program has no
 * type for is DTYPE_UNKNOWN with its width. */
static const struct {
	const char *stem, *words;
	struct torch_type type;
} types[] = {
	{ "Float", "float32 float", { DTYPE_F32, 4 } },
	{ "Half", "float16 half", { DTYPE_F16, 2 } },
	{ "BFloat16", "bfloat16", { DTYPE_BF16, 2 } },
	{ "Double", "float64 double", { DTYPE_F64, 8 } },
	{ "Long", "int64 long", { DTYPE_I64, 8 } },
	{ "Int", "int32 int", { DTYPE_I32, 4 } },
	{ "Short", "int16 short", { DTYPE_I16, 2 } },
	{ "Char", "int8", { DTYPE_I8, 1 } },
	{ "Byte", "uint8", { DTYPE_U8, 1 } },
	{ "Bool", "bool", { DTYPE_BOOL, 1 } },
	{ "ComplexFloat", "complex64 cfloat", { DTYPE_C64, 8 } },
	{ "ComplexDouble", "complex128 cdouble", { DTYPE_UNKNOWN, 16 } },
	{ "ComplexHalf", "complex32 chalf", { DTYPE_UNKNOWN, 4 } },
	{ "QInt8", "qint8", { DTYPE_I8, 1 } },
	{ "QUInt8", "quint8", { DTYPE_U8, 1 } },
	{ "QInt32", "qint32", { DTYPE_I32, 4 } },
	{ "QUInt4x2", "quint4x2", { DTYPE_U8, 1 } },
	{ "QUInt2x4", "quint2x4", { DTYPE_U8, 1 } },
	{ "Untyped", "", { DTYPE_U8, 1 } },
	{ "", "uint16", { DTYPE_U16, 2 } },
	{ "", "uint32", { DTYPE_U32, 4 } },
	{ "", "uint64", { DTYPE_U64, 8 } },
	{ "", "float8_e4m3fn", { DTYPE_F8_E4M3, 1 } },
	{ "", "float8_e5m2", { DTYPE_F8_E5M2, 1 } },
	{ "", "float8_e4m3fnuz", { DTYPE_F8_E4M3FNUZ, 1 } },
	{ "", "float8_e5m2fnuz", { DTYPE_F8_E5M2FNUZ, 1 } },
	{ "", "float8_e8m0fnu", { DTYPE_F8_E8M0, 1 } },
	{ "", "float4_e2m1fn_x2", { DTYPE_U8, 1 } }, /* two to a byte, and shaped as bytes */
};

bool torch_type_find_class(struct str name, struct torch_type *out)
{
	if (!str_cut_suffix(&name, STR("Storage")) && !str_cut_suffix(&name, STR("Tensor")))
		return false;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (name.len && str_equal(name, str_from(types[i].stem))) {
			*out = types[i].type;
			return true;
		}
	return false;
}

bool torch_type_find_dtype(struct str name, struct torch_type *out)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (str_is_listed(types[i].words, name)) {
			*out = types[i].type;
			return true;
		}
	return false;
}
