import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["dist/", "dist-tests/", "node_modules/"] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      eqeqeq: "error",
      "max-lines-per-function": ["error", 40],
      "max-params": ["error", 5],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  // node:test gives promises that it awaits itself
  { files: ["tests/**/*.ts"], rules: { "@typescript-eslint/no-floating-promises": "off" } },
  { files: ["**/*.{js,mjs}"], extends: [tseslint.configs.disableTypeChecked] },
  { files: ["tests/real/python/*.js"], rules: { "@typescript-eslint/no-require-imports": "off" } },
);
